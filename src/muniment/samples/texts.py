"""The fonds that the samples pretend to be: a lighthouse, its builders, keepers and visitors.

Place and people are invented; every word and picture of the sample set is made by this package.
"""

from __future__ import annotations

from datetime import UTC, datetime

MADE_AT = datetime(2026, 3, 21, 9, 30, tzinfo=UTC)
"""When everything in the set claims to have been made: the same bytes at every build."""

TITLE = "Skjærvåg fyr: the lighthouse at Skjærvåg, 1894–1931"
CREATOR = "Fyrdirektoratet i Skjærvåg"
IDENTIFIER = "SKJ-1894"
DESCRIPTION = (
    "Drawings, accounts, letters, photographs, sound and film of the lighthouse at Skjærvåg, "
    "from the first stone in 1894 to the night in 1931 when its lamp was put out."
)

KEEPERS_LOG = """\
Fyrjournal, Skjærvåg fyr

3. januar 1907. Sterk kuling fra nordvest. Lampen tent kl. 15.10, slukket kl. 09.20.
4. januar 1907. Tåke hele dagen; tåkehornet blåst hvert annet minutt i fjorten timer.
5. januar 1907. Klart vær. Åtte skip passert. Linsen pusset, urverket trukket opp.
"""

ENGINEERS_LETTER = (
    "Monsieur le directeur,",
    (
        "La lentille de premier ordre est arrivée à Bergen sans dommage. Le mécanisme à bain de "
        "mercure sera posé avant l'hiver, pourvu que la mer nous laisse débarquer."
    ),
    "Votre dévoué ingénieur, Étienne Lefèvre-Noël",
)

ACCOUNTS = (
    ("Year", "Item", "Kroner"),
    ("1894", "Granitt fra Sørøya", "12400"),
    ("1894", "Linse, Paris (Barbier & Cie)", "18750"),
    ("1895", "Jernarbeid og trapper", "6320"),
    ("1896", "Maling, rødt og hvitt", "410"),
)

VISITORS = """\
1911年7月2日、神戸から来た船長がこの灯台を訪れた。光は二十海里先から見えたという。
Στις 9 Αυγούστου 1912 ένας Έλληνας ναυτικός έγραψε το όνομά του στον τοίχο.
В 1913 году здесь зимовал учёный из Архангельска.
"""

INSPECTION = """\
Prüfbericht über das Nebelhorn am Leuchtturm Skjærvåg

Die Membran zeigt feine Risse. Die Tonhöhe liegt bei 220 Hz, die Reichweite bei ruhigem Wetter
über fünf Seemeilen. Größere Mängel wurden nicht gefunden.
"""

FAREWELL = """\
Kjære alle sammen,

i natt ble lykten slukket for siste gang. Takk for trettisju år.

Hilsen Solveig Ås, fyrvokter
"""
