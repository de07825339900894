"""A virtual charging station: an OCPP 1.6J client with plugs, cars, batteries and meters.

`charging` and `station` are the station itself, in a time that is given and without a network;
`wire` puts it on a connection, `life` keeps the connection, `command` is script/stations.
"""
