// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_NAT_EXPIRED_MAPPINGS_H
#define NATTLAB_NAT_EXPIRED_MAPPINGS_H

#include "model/nat/nat-config.h"
#include "model/packet/fifo.h"
#include "model/packet/flow.h"
#include "model/trace/reason.h"

#include <string>
#include <unordered_map>
#include <utility>

namespace nattlab::nat
{

/**
 * The mappings that were there once, so that a packet that comes too late can be told from one that
 * was never expected. No device has this memory: it only explains.
 */
class ExpiredMappings
{
  public:
    /** What is known of one. */
    struct Record
    {
        std::string text;
        Reason reason{Reason::None}; //!< why a packet for it is refused
        Instant until;
    };

    explicit ExpiredMappings(const NatConfig& config);

    /** Remember a mapping under the \p key that inbound packets are looked up by. */
    void Remember(const FlowKey& key, std::string text, Reason reason, Instant now);

    /** A new mapping has this key. */
    void Forget(const FlowKey& key);

    /** \return the mapping that had this key, or nullptr. */
    const Record* Find(const FlowKey& key, Instant now) const;

  private:
    const NatConfig& m_config;
    std::unordered_map<FlowKey, Record> m_records;
    Fifo<std::pair<Instant, FlowKey>> m_order; //!< by Record::until
};

} // namespace nattlab::nat

#endif
