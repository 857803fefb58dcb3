"""The pages of the panel, in the order in which they are offered."""

from cogs.settings._access import AccessPage
from cogs.settings._members import MembersPage
from cogs.settings._models import ModelsPage
from cogs.settings._page import Page
from cogs.settings._prices import PricesPage
from cogs.settings._records import RecordsPage
from cogs.settings._results import ResultsPage
from cogs.settings._showcase import ShowcasePage
from cogs.settings._styles import StylesPage
from cogs.settings._words import WordsPage

PAGES: tuple[Page, ...] = (
    ModelsPage(),
    StylesPage(),
    AccessPage(),
    ResultsPage(),
    ShowcasePage(),
    PricesPage(),
    RecordsPage(),
    WordsPage(),
    MembersPage(),
)
"""All pages but the overview, which is made of them."""
