// SPDX-License-Identifier: GPL-2.0-only
#include "model/ike/fragments.h"

#include <algorithm>
#include <limits>

namespace nattlab::ike
{

std::vector<Bytes>
CutUp(ByteView message, std::size_t data, std::uint16_t id)
{
    const Decoded<Header> original = DecodeHeader(message);
    const std::size_t count = (message.size() + data - 1) / data;
    if (!original || count > std::numeric_limits<std::uint8_t>::max())
    {
        return {};
    }
    Header header = *original;
    header.flags = static_cast<std::uint8_t>(header.flags & ~FLAG_ENCRYPTION);
    std::vector<Bytes> messages;
    for (std::size_t i = 0; i < count; ++i)
    {
        FragmentPayload fragment;
        fragment.id = id;
        fragment.number = static_cast<std::uint8_t>(i + 1);
        fragment.flags = i + 1 == count ? FragmentPayload::LAST : std::uint8_t{0};
        fragment.data = message.Sub(i * data, data).ToBytes();
        messages.push_back(EncodeMessage(header, std::vector<Payload>{std::move(fragment)}));
    }
    return messages;
}

/** \return true when so many bytes more may be kept. */
bool
FragmentStore::HasRoom(const Key& key, std::size_t size) const
{
    std::size_t open = 0;
    std::size_t ofPeer = size;
    std::size_t ofMessage = size;
    for (auto it = m_messages.lower_bound({key.first, 0});
         it != m_messages.end() && it->first.first == key.first;
         ++it)
    {
        ofPeer += it->second.size;
        if (it->first == key)
        {
            ofMessage += it->second.size;
        }
        else
        {
            ++open;
        }
    }
    return open < MAX_OPEN && ofMessage <= MAX_MESSAGE && ofPeer <= MAX_OF_PEER &&
           m_size + size <= MAX_BYTES;
}

FragmentStore::Result
FragmentStore::Add(std::uint64_t peer, FragmentPayload fragment)
{
    const Key key{peer, fragment.id};
    const auto known = m_messages.find(key);
    if (known != m_messages.end())
    {
        const Parts& parts = known->second;
        if (parts.data.count(fragment.number) != 0)
        {
            return {Outcome::Duplicate, false, {}};
        }
        const bool last = (fragment.flags & FragmentPayload::LAST) != 0;
        const std::uint8_t highest = parts.data.rbegin()->first;
        const bool secondLast = last && parts.last != 0;
        const bool aboveLast = parts.last != 0 && fragment.number > parts.last;
        if (secondLast || aboveLast || (last && highest > fragment.number))
        {
            Drop(peer, fragment.id);
            return {Outcome::Conflict, false, {}};
        }
    }
    if (!HasRoom(key, fragment.data.size()))
    {
        return {Outcome::Full, false, {}};
    }
    Parts& parts = m_messages[key];
    const bool first = parts.data.empty();
    if ((fragment.flags & FragmentPayload::LAST) != 0)
    {
        parts.last = fragment.number;
    }
    parts.size += fragment.data.size();
    m_size += fragment.data.size();
    parts.data[fragment.number] = std::move(fragment.data);
    if (parts.last == 0 || parts.data.size() != parts.last)
    {
        return {Outcome::Kept, first, {}};
    }
    Result result{Outcome::Complete, first, {}};
    for (const auto& [number, data] : parts.data)
    {
        Append(result.message, data);
    }
    Drop(peer, fragment.id);
    return result;
}

void
FragmentStore::Drop(std::uint64_t peer, std::uint16_t id)
{
    const auto it = m_messages.find({peer, id});
    if (it != m_messages.end())
    {
        m_size -= it->second.size;
        m_messages.erase(it);
    }
}

std::vector<std::uint16_t>
FragmentStore::Of(std::uint64_t peer) const
{
    std::vector<std::uint16_t> ids;
    for (auto it = m_messages.lower_bound({peer, 0});
         it != m_messages.end() && it->first.first == peer;
         ++it)
    {
        ids.push_back(it->first.second);
    }
    return ids;
}

} // namespace nattlab::ike
