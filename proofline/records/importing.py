"""The kinds of records that this room takes in from tables."""

from proofline.records.imports.accounts import ACCOUNTS
from proofline.records.imports.contacts import CONTACTS
from proofline.records.imports.library import COMPETITORS, EVIDENCE, MODULES
from proofline.records.imports.products import PRODUCTS
from proofline.records.imports.tasks import TASKS
from proofline.records.imports.users import USERS

KINDS = (ACCOUNTS, CONTACTS, PRODUCTS, MODULES, USERS, TASKS, EVIDENCE, COMPETITORS)
