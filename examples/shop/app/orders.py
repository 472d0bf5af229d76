"""Orders in a database. Vulnerable on purpose."""

import sqlite3


def find(customer):
    connection = sqlite3.connect("shop.db")
    cursor = connection.cursor()
    # The customer's name goes into the statement as it is.
    cursor.execute("SELECT id, total FROM orders WHERE customer = '" + customer + "'")
    return cursor.fetchall()


def cancel(order):
    connection = sqlite3.connect("shop.db")
    connection.execute(f"UPDATE orders SET state = 'cancelled' WHERE id = {order}")
    connection.commit()
