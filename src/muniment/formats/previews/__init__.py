"""What a browser may be shown of a file: never the file as active content, whatever it claims."""
