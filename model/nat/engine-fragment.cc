// SPDX-License-Identifier: GPL-2.0-only
#include "model/nat/engine.h"

#include <utility>

namespace nattlab
{

NatResult
Nat::Engine::LaterFragment(FragmentTable& table, Job& job, Side side, bool fromInside)
{
    const FlowKey key = FragmentTable::KeyOf(job.headers.ip);
    if (const auto* treatment = table.Find(key))
    {
        Apply(*treatment, job.packet, side, job.now);
        return treatment->result;
    }
    std::vector<FragmentTable::Held> dropped;
    const bool held = m_config.fragments == NatConfig::Fragments::OutOfOrder &&
                      table.Hold(key, job.packet, fromInside, job.now, dropped);
    DropHeld(std::move(dropped), job.now, Reason::NatFragmentRefused);
    if (held)
    {
        return {NatOutcome::Held, Reason::None, {}, false};
    }
    return Refused(
        NatOutcome::Drop, Reason::NatFragmentRefused, FragmentTable::TextOf(job.headers.ip));
}

NatResult
Nat::Engine::FirstFragment(FragmentTable& table,
                           Job& job,
                           Side side,
                           NatResult result,
                           std::optional<std::uint16_t> identification)
{
    const Bytes& bytes = job.packet.bytes;
    FragmentTable::Treatment treatment{
        result, side == Side::Source ? ip::Source(bytes) : ip::Destination(bytes), identification};
    if (result.outcome == NatOutcome::Translated && identification)
    {
        nat::RewriteIdentification(job.packet.bytes, *identification);
    }
    std::vector<FragmentTable::Held> dropped;
    if (side == Side::Destination && m_hairpin)
    {
        // The later fragments' source step finds this; the first one's finds m_hairpin.
        m_hairpin->identification = ++m_identification;
        FlowKey between = FragmentTable::KeyOf(job.headers.ip);
        between.destination = treatment.address;
        // Whatever waits under this key was on its way outside, and no first one will come there.
        DropHeld(
            m_outboundFragments.Learn(
                between, {result, m_hairpin->external.address, m_identification}, job.now, dropped),
            job.now,
            Reason::NatFragmentRefused);
    }
    auto held = table.Learn(FragmentTable::KeyOf(job.headers.ip), treatment, job.now, dropped);
    DropHeld(std::move(dropped), job.now, Reason::NatFragmentRefused);
    for (FragmentTable::Held& waiting : held)
    {
        if (result.outcome == NatOutcome::Drop)
        {
            m_tracer.Dropped(waiting.packet, job.now, Layer::Nat, result.reason, result.subject);
            continue;
        }
        Apply(treatment, waiting.packet, side, job.now);
        m_released.push_back(
            {std::move(waiting.packet), waiting.fromInside, side == Side::Source, result});
    }
    return result;
}

void
Nat::Engine::Apply(const FragmentTable::Treatment& treatment,
                   Packet& packet,
                   Side side,
                   Instant now)
{
    if (treatment.result.outcome != NatOutcome::Translated)
    {
        return;
    }
    Job job{packet, {}, now};
    Translate(job, side, {treatment.address, 0}, treatment.result.subject);
    if (treatment.identification)
    {
        nat::RewriteIdentification(packet.bytes, *treatment.identification);
    }
}

void
Nat::Engine::DropHeld(std::vector<FragmentTable::Held> held, Instant now, Reason reason)
{
    for (const FragmentTable::Held& waiting : held)
    {
        const auto header = Ipv4Header::Parse(waiting.packet.bytes);
        m_tracer.Dropped(waiting.packet,
                         now,
                         Layer::Nat,
                         reason,
                         header ? FragmentTable::TextOf(*header) : std::string{});
    }
}

} // namespace nattlab
