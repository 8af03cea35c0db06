#!/usr/bin/python3
"""Prints the destination of each route that comes or goes, by pyroute2."""

from pyroute2 import IPRoute
from pyroute2.netlink import rtnl

with IPRoute() as kernel:
    kernel.bind(groups=rtnl.RTMGRP_IPV4_ROUTE)
    while True:
        try:
            for message in kernel.get():
                print(message.get_attr("RTA_DST"), flush=True)
        except OSError as problem:
            print(problem, flush=True)
