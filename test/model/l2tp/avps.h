// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * The attributes of a control message as a list: for tests only.
 */
#ifndef NATTLAB_TEST_L2TP_AVPS_H
#define NATTLAB_TEST_L2TP_AVPS_H

#include "model/l2tp/avp.h"

#include <vector>

namespace nattlab::l2tp
{

/** \return all that can be read, as views of \p body. */
inline std::vector<Avp>
AvpsIn(ByteView body)
{
    std::vector<Avp> avps;
    ByteReader reader(body);
    while (const std::optional<Avp> avp = ReadAvp(reader))
    {
        avps.push_back(*avp);
    }
    return avps;
}

} // namespace nattlab::l2tp

#endif
