// SPDX-License-Identifier: GPL-2.0-only
#include "model/windows/ipseccmd-command.h"

namespace nattlab::windows::ipseccmd
{

namespace
{

constexpr const char* DYNAMIC =
    "Dynamic rules, which last as long as the IPsec service:\n"
    "  -f FILTER...   which packets, as SOURCE=DESTINATION:\n"
    "                 ADDRESS[/MASK][:PORT]=ADDRESS[/MASK][:PORT][:PROTOCOL]\n"
    "                 + in place of = also means the answers. An address is a.b.c.d, a.b.*.*,\n"
    "                 * for any or 0 for this computer; a protocol is TCP, UDP, ICMP, RAW or a\n"
    "                 number. (FILTER) lets through and [FILTER] blocks, whatever -n says\n"
    "  -n METHOD...   what to do: PASS, BLOCK, or negotiate by ESP[CIPHER,HASH][REKEY]:\n"
    "                 CIPHER is DES, 3DES or NONE, HASH is MD5 or SHA, REKEY is such as\n"
    "                 50000K/3600SP2: kilobytes, seconds, group of a new key exchange.\n"
    "                 Modelled for UDP port 1701 only\n"
    "  -a METHOD...   how to authenticate: PRESHARE:\"KEY\" or CERT:\"AUTHORITY\"; every root "
    "that\n"
    "                 the computer trusts is taken for the authority\n"
    "  -lan           the rule is for the network interfaces, which is all there is\n"
    "  -confirm       ask first\n"
    "  -u             delete all dynamic rules\n";

constexpr const char* STATIC =
    "Stored policies, which last until they are deleted:\n"
    "  -w REG             in the registry of this computer\n"
    "  -p NAME[:MINUTES]  the policy, and how often the service looks for changes of it\n"
    "  -r RULE            the name of the rule that -f, -n and -a describe\n"
    "  -1s METHOD...      main mode: CIPHER-HASH-GROUP such as 3DES-SHA-2\n"
    "  -1k NUMBERS        main mode: lifetime in seconds, such as 28800S\n"
    "  -x                 assign the policy\n"
    "  -y                 do not assign it any more\n"
    "  -o                 delete it\n";

constexpr const char* MISSING = "Not modelled, and refused: -t, -soft, -dialup, -1p, -1f, -1e, AH, "
                                "INPASS, KERBEROS,\nthe filter DEFAULT, stores other than REG, "
                                "other computers.\n";

/** \return the words of "show", as people write them. */
std::string
Topics(bool updated)
{
    std::string text;
    for (const std::string& topic : TopicsOf(updated))
    {
        for (const char c : topic)
        {
            text += static_cast<char>(c - 'A' + 'a');
        }
        text += "|";
    }
    return text + "all";
}

} // namespace

std::string
HelpText(const ToolContext& context)
{
    const bool updated = context.system.newTools;
    const std::string program =
        context.system.release == Release::Windows2000 ? "ipsecpol" : "ipseccmd";
    std::string text = program + " [\\\\COMPUTER] FLAGS\n";
    if (KnowsQueryMode(context))
    {
        text += program + " [\\\\COMPUTER] show " + Topics(updated) + "\n";
    }
    if (updated)
    {
        text += program + " [\\\\COMPUTER] set logike|dontlogike\n";
    }
    text += "\n" + std::string{DYNAMIC};
    if (KnowsStaticMode(context))
    {
        text += "\n" + std::string{STATIC};
    }
    return text + "\n" + MISSING;
}

} // namespace nattlab::windows::ipseccmd
