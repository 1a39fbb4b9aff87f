"""Which rows were erased, so that no replay, repair or restore brings them back.

Each store that is here may be lost or go back in time: PostgreSQL is restored, Kafka's volume is
emptied, the Control Center moves to another machine. So each of them keeps every record.
"""
