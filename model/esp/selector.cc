// SPDX-License-Identifier: GPL-2.0-only
#include "model/esp/selector.h"

#include "model/packet/flow.h"

namespace nattlab::esp
{

namespace
{

std::string
PortText(std::uint16_t port)
{
    return port == 0 ? "any" : std::to_string(port);
}

} // namespace

bool
Selector::Matches(Ipv4Address localAddress,
                  Ipv4Address remoteAddress,
                  std::uint8_t packetProtocol,
                  std::uint16_t packetLocalPort,
                  std::uint16_t packetRemotePort) const
{
    return (protocol == 0 || protocol == packetProtocol) &&
           (localPort == 0 || localPort == packetLocalPort) &&
           (remotePort == 0 || remotePort == packetRemotePort) && local.Contains(localAddress) &&
           remote.Contains(remoteAddress);
}

std::string
Selector::ToString() const
{
    return (protocol == 0 ? "any" : ProtocolName(protocol)) + " " + local.ToString() + ":" +
           PortText(localPort) + " <> " + remote.ToString() + ":" + PortText(remotePort);
}

bool
operator==(const Selector& a, const Selector& b)
{
    return a.local == b.local && a.remote == b.remote && a.protocol == b.protocol &&
           a.localPort == b.localPort && a.remotePort == b.remotePort;
}

} // namespace nattlab::esp
