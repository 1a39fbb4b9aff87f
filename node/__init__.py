"""The program of a node (one machine on AWS): it brings the machine to the state in the bucket.

It uses the standard library only: Debian has Python but no AWS client, and the machine has no route
to the internet. The program is larger than EC2's limit for user-data, 16 KiB. So user-data
(infra/modules/user-data) holds the modules that node.bootstrap imports, which fetch the others from
the bucket (infra/modules/node-program) and verify their hash.
"""
