"""Tables, transactions, and one repository of plain functions per aggregate."""
