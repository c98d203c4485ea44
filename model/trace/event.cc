// SPDX-License-Identifier: GPL-2.0-only
#include "model/trace/event.h"

namespace nattlab
{

std::string_view
NameOf(EventType type)
{
    switch (type)
    {
    case EventType::PacketSent:
        return "packet.sent";
    case EventType::PacketForwarded:
        return "packet.forwarded";
    case EventType::PacketTranslated:
        return "packet.translated";
    case EventType::PacketDelivered:
        return "packet.delivered";
    case EventType::PacketFragmented:
        return "packet.fragmented";
    case EventType::PacketReassembled:
        return "packet.reassembled";
    case EventType::PacketDropped:
        return "packet.dropped";
    case EventType::PacketSighted:
        return "packet.sighted";
    case EventType::MappingCreated:
        return "mapping.created";
    case EventType::MappingExpired:
        return "mapping.expired";
    case EventType::MessageSent:
        return "message.sent";
    case EventType::MessageReceived:
        return "message.received";
    case EventType::MessageResent:
        return "message.resent";
    case EventType::MessageRefused:
        return "message.refused";
    case EventType::StageStarted:
        return "stage.started";
    case EventType::StageEnded:
        return "stage.ended";
    case EventType::NatDetected:
        return "nat.detected";
    case EventType::SaEstablished:
        return "sa.established";
    case EventType::SaDeleted:
        return "sa.deleted";
    case EventType::SaRekeyed:
        return "sa.rekeyed";
    case EventType::PeerMoved:
        return "peer.moved";
    case EventType::ConnectionUp:
        return "connection.up";
    case EventType::ConnectionDown:
        return "connection.down";
    case EventType::ConnectionFailed:
        return "connection.failed";
    case EventType::ErrorShown:
        return "error.shown";
    case EventType::ClearText:
        return "clear-text";
    case EventType::TrafficDone:
        return "traffic.done";
    case EventType::FaultApplied:
        return "fault.applied";
    case EventType::HostChanged:
        return "host.changed";
    }
    return "?";
}

std::string_view
NameOf(Layer layer)
{
    switch (layer)
    {
    case Layer::None:
        return "";
    case Layer::Link:
        return "link";
    case Layer::Ip:
        return "ip";
    case Layer::Nat:
        return "nat";
    case Layer::Firewall:
        return "firewall";
    case Layer::Ike:
        return "ike";
    case Layer::Esp:
        return "esp";
    case Layer::L2tp:
        return "l2tp";
    case Layer::Ppp:
        return "ppp";
    case Layer::Data:
        return "data";
    case Layer::User:
        return "user";
    }
    return "?";
}

bool
IsEssential(EventType type)
{
    switch (type)
    {
    case EventType::PacketSent:
    case EventType::PacketForwarded:
    case EventType::PacketTranslated:
    case EventType::PacketDelivered:
    case EventType::PacketFragmented:
    case EventType::PacketReassembled:
    case EventType::MappingCreated:
    case EventType::MappingExpired:
    case EventType::MessageSent:
    case EventType::MessageReceived:
        return false;
    default:
        return true;
    }
}

} // namespace nattlab
