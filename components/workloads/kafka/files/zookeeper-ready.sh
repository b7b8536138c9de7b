# A ZooKeeper without a quorum accepts connections, and says to them that it serves nobody.
exec 3<>/dev/tcp/127.0.0.1/2181
echo srvr >&3
grep -q '^Mode: ' <&3
