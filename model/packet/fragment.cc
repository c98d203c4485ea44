// SPDX-License-Identifier: GPL-2.0-only
#include "model/packet/fragment.h"

#include "model/packet/ipv4.h"

#include <algorithm>

namespace nattlab
{

std::vector<Bytes>
FragmentPacket(ByteView packet, std::size_t mtu)
{
    if (packet.size() <= mtu)
    {
        return {packet.ToBytes()};
    }
    const std::size_t headerLength = ip::HeaderLength(packet);
    if (mtu < headerLength + 8)
    {
        return {};
    }
    const ByteView payload = ip::Payload(packet);
    const std::uint16_t fragmentField = Load16(packet.data() + 6);
    const std::size_t step = (mtu - headerLength) / 8 * 8;
    std::vector<Bytes> fragments;
    for (std::size_t at = 0; at < payload.size(); at += step)
    {
        const ByteView part = payload.Sub(at, step);
        const bool last = at + step >= payload.size();
        Bytes fragment = Concat({packet.Sub(0, headerLength), part});
        Store16(&fragment[2], static_cast<std::uint16_t>(fragment.size()));
        // The original's own more-fragments bit stays on its last piece, and offsets add up.
        std::uint16_t field = static_cast<std::uint16_t>(fragmentField + at / 8);
        if (!last)
        {
            field |= 0x2000;
        }
        Store16(&fragment[6], field);
        ip::FixChecksum(fragment);
        fragments.push_back(std::move(fragment));
    }
    return fragments;
}

Reassembler::Reassembler(ReassemblerConfig config)
    : m_config(config)
{
}

void
Reassembler::MoveAll(Partial& from, std::vector<Packet>& to)
{
    for (auto& [offset, packet] : from.parts)
    {
        to.push_back(std::move(packet));
    }
}

Reassembler::Result
Reassembler::Receive(Packet fragment, Instant now)
{
    Result result;
    const auto header = Ipv4Header::Parse(fragment.bytes);
    const std::size_t size = header ? ip::Payload(fragment.bytes).size() : 0;
    if (!header || size == 0 || (header->moreFragments && size % 8 != 0) ||
        header->fragmentOffset + size > 65515)
    {
        result.refused.push_back(std::move(fragment));
        return result;
    }
    const Key key{header->source, header->destination, header->protocol, header->identification};
    auto it = m_partials.find(key);
    if (it == m_partials.end())
    {
        if (m_partials.size() >= m_config.most)
        {
            const auto oldest = std::min_element(m_partials.begin(),
                                                 m_partials.end(),
                                                 [](const auto& a, const auto& b)
                                                 { return a.second.deadline < b.second.deadline; });
            MoveAll(oldest->second, result.evicted);
            m_partials.erase(oldest);
        }
        it = m_partials.emplace(key, Partial{now + m_config.timeout, {}, {}, 0}).first;
    }
    Partial& partial = it->second;
    const std::size_t begin = header->fragmentOffset;
    const std::size_t end = begin + size;
    const auto next = partial.parts.lower_bound(header->fragmentOffset);
    const auto endOf = [](const auto& part)
    { return part.first + ip::Payload(part.second.bytes).size(); };
    const bool overlaps = (next != partial.parts.end() && next->first < end) ||
                          (next != partial.parts.begin() && endOf(*std::prev(next)) > begin);
    const bool beyond = partial.total && end > *partial.total;
    const bool shrinks =
        !header->moreFragments &&
        (partial.total || (!partial.parts.empty() && endOf(*partial.parts.rbegin()) > end));
    if (overlaps || beyond || shrinks)
    {
        MoveAll(partial, result.refused);
        result.refused.push_back(std::move(fragment));
        m_partials.erase(it);
        return result;
    }
    if (!header->moreFragments)
    {
        partial.total = end;
    }
    partial.have += size;
    const TraceTag tag = fragment.tag;
    partial.parts.emplace(header->fragmentOffset, std::move(fragment));
    if (!partial.total || partial.have != *partial.total)
    {
        return result;
    }
    Packet whole;
    whole.tag = tag;
    Bytes& first = partial.parts.begin()->second.bytes;
    whole.bytes.assign(first.begin(), first.begin() + ip::HeaderLength(first));
    whole.bytes.reserve(whole.bytes.size() + *partial.total);
    for (const auto& [offset, part] : partial.parts)
    {
        Append(whole.bytes, ip::Payload(part.bytes));
        if (part.tag.packet != tag.packet)
        {
            result.merged.push_back(part.tag);
        }
    }
    Store16(&whole.bytes[2], static_cast<std::uint16_t>(whole.bytes.size()));
    Store16(&whole.bytes[6], 0);
    ip::FixChecksum(whole.bytes);
    result.whole = std::move(whole);
    m_partials.erase(it);
    return result;
}

std::vector<std::vector<Packet>>
Reassembler::Expire(Instant now)
{
    std::vector<std::vector<Packet>> expired;
    for (auto it = m_partials.begin(); it != m_partials.end();)
    {
        if (it->second.deadline <= now)
        {
            MoveAll(it->second, expired.emplace_back());
            it = m_partials.erase(it);
        }
        else
        {
            ++it;
        }
    }
    return expired;
}

std::optional<Instant>
Reassembler::Deadline() const
{
    std::optional<Instant> deadline;
    for (const auto& [key, partial] : m_partials)
    {
        deadline = Earlier(deadline, partial.deadline);
    }
    return deadline;
}

std::vector<Packet>
Reassembler::Clear()
{
    std::vector<Packet> all;
    for (auto& [key, partial] : m_partials)
    {
        MoveAll(partial, all);
    }
    m_partials.clear();
    return all;
}

} // namespace nattlab
