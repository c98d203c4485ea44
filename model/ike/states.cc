// SPDX-License-Identifier: GPL-2.0-only
#include "model/ike/states.h"

#include <algorithm>

namespace nattlab::ike
{

const std::vector<StateRow>&
StateRows()
{
    static const std::vector<StateRow> rows{
        {State::Mm1Sent, "MM1 sent", "initiator", "MM2", "MM3 sent"},
        {State::Mm2Sent, "MM2 sent", "responder", "MM3", "MM4 sent"},
        {State::Mm3Sent, "MM3 sent", "initiator", "MM4", "MM5 sent"},
        {State::Mm4Sent, "MM4 sent", "responder", "MM5", "established"},
        {State::Mm5Sent, "MM5 sent", "initiator", "MM6", "established"},
        {State::Established, "established", "both", "", "expired"},
        {State::Expired, "expired", "both", "", ""},
        {State::Deleting, "deleting", "both", "", ""},
        {State::Qm1Sent, "QM1 sent", "initiator", "QM2", "done, or QM3 sent (commit bit)"},
        {State::Qm2Sent, "QM2 sent", "responder", "QM3", "done"},
        {State::Qm3Sent, "QM3 sent", "initiator", "QM4", "done"},
        {State::Done, "done", "both", "", ""},
        {State::Refused, "refused", "both", "", ""},
    };
    return rows;
}

const StateRow&
RowOf(State state)
{
    return StateRows()[static_cast<std::size_t>(state)];
}

std::string
StateTable()
{
    const auto cell = [](std::string_view text, std::size_t width)
    {
        std::string padded{text};
        padded.resize(std::max(width, text.size()), ' ');
        return padded;
    };
    std::string table = cell("state", 13) + cell("role", 11) + cell("awaits", 8) + "then\n";
    for (const StateRow& row : StateRows())
    {
        table += cell(row.name, 13) + cell(row.role, 11) +
                 cell(row.awaits.empty() ? "-" : row.awaits, 8);
        table += row.next.empty() ? "-" : row.next;
        table += '\n';
    }
    return table;
}

const MessageRule*
RuleOf(std::string_view name)
{
    // RFC 2409 5.1, 5.4 and 5.5. "The SA payload MUST precede" (5) and HASH "MUST immediately
    // follow the ISAKMP header" (5.5); elsewhere the order is free, so only these two are at the
    // front.
    static const std::vector<MessageRule> rules{
        {"MM1", false, {PAYLOAD_SA}},
        {"MM2", false, {PAYLOAD_SA}},
        {"MM3", false, {PAYLOAD_NONE, PAYLOAD_KE, PAYLOAD_NONCE}},
        {"MM4", false, {PAYLOAD_NONE, PAYLOAD_KE, PAYLOAD_NONCE}},
        {"MM5", true, {PAYLOAD_NONE, PAYLOAD_ID, PAYLOAD_HASH}},
        {"MM6", true, {PAYLOAD_NONE, PAYLOAD_ID, PAYLOAD_HASH}},
        {"MM5 signed", true, {PAYLOAD_NONE, PAYLOAD_ID, PAYLOAD_SIG}},
        {"MM6 signed", true, {PAYLOAD_NONE, PAYLOAD_ID, PAYLOAD_SIG}},
        {"QM1", true, {PAYLOAD_HASH, PAYLOAD_SA, PAYLOAD_NONCE}},
        {"QM2", true, {PAYLOAD_HASH, PAYLOAD_SA, PAYLOAD_NONCE}},
        {"QM3", true, {PAYLOAD_HASH}},
        {"QM4", true, {PAYLOAD_HASH, PAYLOAD_NOTIFY}},
    };
    for (const MessageRule& rule : rules)
    {
        if (rule.name == name)
        {
            return &rule;
        }
    }
    return nullptr;
}

std::string
Lacks(const MessageRule& rule, const Chain& chain)
{
    const std::uint8_t first = rule.payloads.front();
    if (first != PAYLOAD_NONE && TypeOf(chain.items.front().payload) != first)
    {
        return PayloadName(first) + " is not the first payload";
    }
    for (const std::uint8_t type : rule.payloads)
    {
        if (type != PAYLOAD_NONE && !chain.Body(type))
        {
            return "no " + PayloadName(type) + " payload";
        }
    }
    return {};
}

} // namespace nattlab::ike
