// SPDX-License-Identifier: GPL-2.0-only
// The names and texts of messages, for the event log.
#include "model/packet/address.h"
#include "model/ppp/options.h"
#include "model/ppp/packet.h"

#include <array>
#include <cstdio>

namespace nattlab::ppp
{

namespace
{

constexpr std::array<std::string_view, 14> CONTROL_NAMES = {"",
                                                            "Configure-Request",
                                                            "Configure-Ack",
                                                            "Configure-Nak",
                                                            "Configure-Reject",
                                                            "Terminate-Request",
                                                            "Terminate-Ack",
                                                            "Code-Reject",
                                                            "Protocol-Reject",
                                                            "Echo-Request",
                                                            "Echo-Reply",
                                                            "Discard-Request",
                                                            "Identification",
                                                            "Time-Remaining"};
constexpr std::array<std::string_view, 5> CHAP_NAMES = {"",
                                                        "Challenge",
                                                        "Response",
                                                        "Success",
                                                        "Failure"};
constexpr std::array<std::string_view, 4> PAP_NAMES = {"",
                                                       "Authenticate-Request",
                                                       "Authenticate-Ack",
                                                       "Authenticate-Nak"};

template <std::size_t N>
std::string Pick(const std::array<std::string_view, N>& names, std::uint8_t code)
{
    return code > 0 && code < N ? std::string(names[code]) : "code " + std::to_string(code);
}

std::string Hex(std::uint32_t value, int digits)
{
    char text[16];
    std::snprintf(text, sizeof text, "%0*x", digits, value);
    return text;
}

/** \return the text with everything unprintable replaced, since it may come from a peer. */
std::string Printable(ByteView bytes)
{
    std::string text;
    for (const std::uint8_t c : bytes)
    {
        text += c >= 0x20 && c < 0x7F ? static_cast<char>(c) : '?';
    }
    return text;
}

std::string AuthenticationText(ByteView data)
{
    const std::uint16_t protocol = Load16(data.data());
    if (protocol == PPP_CHAP && data.size() == 3)
    {
        return data[2] == 0x81 ? "auth MS-CHAPv2"
               : data[2] == 5  ? "auth CHAP-MD5"
                               : "auth CHAP " + Hex(data[2], 2);
    }
    return "auth " + ProtocolName(protocol);
}

std::string OptionText(std::uint16_t protocol, const Option& option)
{
    /** How the value of an option is written. */
    enum class Form
    {
        None,
        Number,
        Hexadecimal,
        Address,
        Authentication,
    };

    struct Row
    {
        std::uint16_t protocol;
        std::uint8_t type;
        const char* name;
        Form form;
        std::size_t size; //!< bytes of value that the form needs
    };

    static constexpr Row ROWS[] = {
        {PPP_LCP, LCP_MRU, "mru", Form::Number, 2},
        {PPP_LCP, LCP_ACCM, "accm", Form::Hexadecimal, 4},
        {PPP_LCP, LCP_AUTHENTICATION, "auth", Form::Authentication, 2},
        {PPP_LCP, LCP_MAGIC_NUMBER, "magic", Form::Hexadecimal, 4},
        {PPP_LCP, LCP_PROTOCOL_COMPRESSION, "pfc", Form::None, 0},
        {PPP_LCP, LCP_ADDRESS_COMPRESSION, "acfc", Form::None, 0},
        {PPP_LCP, LCP_CALLBACK, "callback", Form::None, 0},
        {PPP_LCP, LCP_MRRU, "mrru", Form::Number, 2},
        {PPP_LCP, LCP_ENDPOINT_DISCRIMINATOR, "endpoint discriminator", Form::None, 0},
        {PPP_LCP, LCP_LINK_DISCRIMINATOR, "link discriminator", Form::Number, 2},
        {PPP_IPCP, IPCP_COMPRESSION, "compression", Form::None, 0},
        {PPP_IPCP, IPCP_ADDRESS, "address", Form::Address, 4},
        {PPP_IPCP, IPCP_DNS1, "dns1", Form::Address, 4},
        {PPP_IPCP, IPCP_NBNS1, "wins1", Form::Address, 4},
        {PPP_IPCP, IPCP_DNS2, "dns2", Form::Address, 4},
        {PPP_IPCP, IPCP_NBNS2, "wins2", Form::Address, 4},
        {PPP_CCP, CCP_MPPC, "mppc", Form::Hexadecimal, 4},
    };
    for (const Row& row : ROWS)
    {
        if (row.protocol != protocol || row.type != option.type || option.data.size() < row.size)
        {
            continue;
        }
        const std::string name = row.name;
        const std::uint8_t* p = option.data.data();
        switch (row.form)
        {
        case Form::None:
            return name;
        case Form::Number:
            return name + " " + std::to_string(Load16(p));
        case Form::Hexadecimal:
            return name + " " + Hex(Load32(p), 8);
        case Form::Address:
            return name + " " + Ipv4Address{Load32(p)}.ToString();
        case Form::Authentication:
            return AuthenticationText(option.data);
        }
    }
    return "option " + std::to_string(option.type);
}

std::string OptionsText(std::uint16_t protocol, ByteView data)
{
    std::string text;
    for (const Option option : Options::Parse(data).value_or(Options{}))
    {
        text += (text.empty() ? "" : ", ") + OptionText(protocol, option);
    }
    return text;
}

std::string LcpText(const ControlPacket& packet)
{
    const ByteView data = packet.data;
    switch (packet.code)
    {
    case PROTOCOL_REJECT:
        return data.size() >= 2 ? ProtocolName(Load16(data.data())) : "";
    case IDENTIFICATION:
        return Printable(data.Sub(4));
    default:
        return {};
    }
}

} // namespace

std::string ProtocolName(std::uint16_t protocol)
{
    switch (protocol)
    {
    case PPP_IP:
        return "IP";
    case PPP_IPCP:
        return "IPCP";
    case PPP_CCP:
        return "CCP";
    case PPP_LCP:
        return "LCP";
    case PPP_PAP:
        return "PAP";
    case PPP_CHAP:
        return "CHAP";
    case PPP_EAP:
        return "EAP";
    default:
        return "protocol 0x" + Hex(protocol, 4);
    }
}

std::string MessageName(std::uint16_t protocol, std::uint8_t code)
{
    const std::string name = ProtocolName(protocol) + " ";
    switch (protocol)
    {
    case PPP_CHAP:
        return name + Pick(CHAP_NAMES, code);
    case PPP_PAP:
        return name + Pick(PAP_NAMES, code);
    case PPP_LCP:
    case PPP_IPCP:
    case PPP_CCP:
        return name + Pick(CONTROL_NAMES, code);
    default:
        return name + "code " + std::to_string(code);
    }
}

std::string Describe(std::uint16_t protocol, const ControlPacket& packet)
{
    const ByteView data = packet.data;
    switch (protocol)
    {
    case PPP_CHAP:
        // RFC 1994 4.1 and 4.2: a value and a name, or a text.
        return packet.code <= CHAP_RESPONSE ? Printable(data.Sub(data.empty() ? 0 : 1u + data[0]))
                                            : Printable(data);
    case PPP_PAP:
        // RFC 1334 2.2: texts with a length before each; of the request only the name is shown.
        return data.empty() ? "" : Printable(data.Sub(1, data[0]));
    case PPP_LCP:
    case PPP_IPCP:
    case PPP_CCP:
        if (packet.code >= CONFIGURE_REQUEST && packet.code <= CONFIGURE_REJECT)
        {
            return OptionsText(protocol, data);
        }
        return protocol == PPP_LCP ? LcpText(packet) : "";
    default:
        return {};
    }
}

} // namespace nattlab::ppp
