"""The shell of the site: layout, design system, sign-in, dashboard."""
