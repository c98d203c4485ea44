// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * A dissector of IKE, L2TP and PPP messages that shares no code with the engines: what it prints of
 * a message is compared with literals.
 */
#ifndef NATTLAB_TEST_SIMULATION_PRESET_WIRE_H
#define NATTLAB_TEST_SIMULATION_PRESET_WIRE_H

#include "model/packet/bytes.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace nattlab::test
{

/** A payload of an ISAKMP message (RFC 2408 3.2). */
struct WirePayload
{
    int type;
    Bytes body; //!< without the generic header
};

/** An ISAKMP message (RFC 2408 3.1). */
struct WireMessage
{
    std::uint64_t initiatorCookie{0};
    int next{0}; //!< type of the first payload
    int exchange{0};
    int flags{0};
    std::uint32_t id{0};
    std::vector<WirePayload> payloads; //!< empty when encrypted
    Bytes encrypted;                   //!< what follows the header, when the flag says so

    /** \return the types, as "1 13 13". */
    std::string Types() const
    {
        std::string text;
        for (const WirePayload& p : payloads)
        {
            text += (text.empty() ? "" : " ") + std::to_string(p.type);
        }
        return text;
    }

    /** \return the bodies of one type. */
    std::vector<Bytes> All(int type) const
    {
        std::vector<Bytes> found;
        for (const WirePayload& p : payloads)
        {
            if (p.type == type)
            {
                found.push_back(p.body);
            }
        }
        return found;
    }
};

/** Cut a chain of payloads; padding may follow the last. */
inline std::vector<WirePayload>
CutPayloads(int type, ByteView bytes)
{
    std::vector<WirePayload> found;
    std::size_t at = 0;
    while (type != 0)
    {
        const ByteView rest = bytes.Sub(at);
        const std::size_t length = rest.size() < 4 ? 0 : Load16(rest.data() + 2);
        if (length < 4 || length > rest.size())
        {
            ADD_FAILURE() << "payload " << type << " has no sound length";
            break;
        }
        found.push_back({type, rest.Sub(4, length - 4).ToBytes()});
        type = rest[0];
        at += length;
    }
    return found;
}

inline WireMessage
CutMessage(ByteView bytes)
{
    WireMessage m;
    if (bytes.size() < 28 || Load32(bytes.data() + 24) != bytes.size() || bytes[17] != 0x10)
    {
        ADD_FAILURE() << "not an ISAKMP message: " << ToHex(bytes);
        return m;
    }
    m.initiatorCookie = Load64(bytes.data());
    m.next = bytes[16];
    m.exchange = bytes[18];
    m.flags = bytes[19];
    m.id = Load32(bytes.data() + 20);
    const ByteView body = bytes.Sub(28);
    if (m.flags & 1)
    {
        m.encrypted = body.ToBytes();
    }
    else
    {
        m.payloads = CutPayloads(m.next, body);
    }
    return m;
}

/** \return attributes (RFC 2408 3.3) as "1=5 12=0x00007080": a short value, or its bytes. */
inline std::string
AttributeText(ByteView bytes)
{
    std::string text;
    while (bytes.size() >= 4)
    {
        const int type = Load16(bytes.data()) & 0x7fff;
        const std::size_t value = Load16(bytes.data() + 2);
        text += (text.empty() ? "" : " ") + std::to_string(type) + '=';
        if (bytes[0] & 0x80)
        {
            text += std::to_string(value);
            bytes = bytes.Sub(4);
        }
        else
        {
            text += "0x" + ToHex(bytes.Sub(4, value));
            bytes = bytes.Sub(4 + value);
        }
    }
    EXPECT_TRUE(bytes.empty()) << "odd bytes behind the attributes " << text;
    return text;
}

/**
 * \return the transforms of an SA payload (RFC 2408 3.4 to 3.6), each as "PROTOCOL/ID ATTRIBUTES"
 * with its protocol and transform identifier.
 */
inline std::vector<std::string>
TransformTexts(ByteView sa)
{
    std::vector<std::string> texts;
    // RFC 2407 4.6.1: DOI 1, situation identity only.
    EXPECT_EQ(ToHex(sa.Sub(0, 8)), "0000000100000001");
    for (const WirePayload& proposal : CutPayloads(2, sa.Sub(8)))
    {
        const ByteView body{proposal.body};
        EXPECT_EQ(proposal.type, 2);
        const std::size_t spiSize = body[2];
        const auto transforms = CutPayloads(3, body.Sub(4 + spiSize));
        EXPECT_EQ(transforms.size(), body[3]);
        for (const WirePayload& t : transforms)
        {
            texts.push_back(std::to_string(body[1]) + '/' + std::to_string(t.body[1]) + ' ' +
                            AttributeText(ByteView{t.body}.Sub(4)));
        }
    }
    return texts;
}

/** \return an identity (RFC 2407 4.6.2) as "TYPE PROTOCOL PORT VALUE". */
inline std::string
IdentityText(ByteView body)
{
    if (body.size() < 4)
    {
        return "?";
    }
    const ByteView value = body.Sub(4);
    std::string text = std::to_string(body[0]) + ' ' + std::to_string(body[1]) + ' ' +
                       std::to_string(Load16(body.data() + 2)) + ' ';
    if (body[0] == 1 && value.size() == 4)
    {
        for (std::size_t i = 0; i < 4; ++i)
        {
            text += (i ? "." : "") + std::to_string(value[i]);
        }
    }
    else
    {
        text.append(value.begin(), value.end());
    }
    return text;
}

/** \return the AVPs of an L2TP control message (RFC 2661 3.1, 4.1) as "0=0x0001 7=client"... */
inline std::string
AvpText(ByteView message)
{
    std::string text;
    EXPECT_EQ(Load16(message.data()), 0xC802);
    ByteView rest = message.Sub(12);
    while (rest.size() >= 6)
    {
        const std::size_t length = Load16(rest.data()) & 0x3ff;
        const int vendor = Load16(rest.data() + 2);
        const int type = Load16(rest.data() + 4);
        const ByteView value = rest.Sub(6, length - 6);
        text += (text.empty() ? "" : " ");
        text += vendor ? std::to_string(vendor) + ':' : "";
        text += std::to_string(type) + '=';
        if (vendor == 0 && (type == 7 || type == 8)) // Host Name, Vendor Name
        {
            text.append(value.begin(), value.end());
        }
        else
        {
            // The correlation identifier is random: only its length counts.
            text += vendor ? std::to_string(value.size()) + " bytes" : "0x" + ToHex(value);
        }
        if (length < 6)
        {
            ADD_FAILURE() << "AVP without a sound length behind " << text;
            break;
        }
        rest = rest.Sub(length);
    }
    EXPECT_TRUE(rest.empty());
    return text;
}

/** \return the options of an LCP Configure-Request frame (RFC 1661 5.1) as "1=0x0578 7="... */
inline std::string
LcpRequestText(ByteView frame)
{
    // RFC 1661 6.6: the address field is never compressed in LCP.
    EXPECT_EQ(ToHex(frame.Sub(0, 5)), "ff03c02101");
    std::string text;
    ByteView rest = frame.Sub(8);
    while (rest.size() >= 2 && rest[1] >= 2)
    {
        const ByteView value = rest.Sub(2, rest[1] - std::size_t{2});
        text += (text.empty() ? "" : " ") + std::to_string(rest[0]) + '=';
        // The magic number is random: only its length counts.
        text += rest[0] == 5 ? std::to_string(value.size()) + " bytes" : "0x" + ToHex(value);
        rest = rest.Sub(rest[1]);
    }
    EXPECT_TRUE(rest.empty());
    return text;
}

} // namespace nattlab::test

#endif
