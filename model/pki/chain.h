// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_PKI_CHAIN_H
#define NATTLAB_PKI_CHAIN_H

#include "model/pki/certificate.h"

#include <vector>

namespace nattlab::pki
{

/**
 * What keeps an authority from standing above others: its validity, not being one, or the length of
 * the path below it.
 * \param below how many authorities stand between it and the certificate at the end
 */
Reason ProblemOfAuthority(const Certificate& authority, unsigned below, UnixTime now);

/** What keeps a certificate at the end of a chain from IKE: its validity, or its usage. */
Reason ProblemOfEnd(const Certificate& certificate, UnixTime now, Purpose purpose);

/**
 * Look for a way from \p end up to a root, over the other certificates in any order, with all
 * signatures checked.
 *
 * A wrong signature or a missing root counts before validity and usage, and among these the lowest
 * certificate counts first. Where several certificates bear the issuer's name, the one that leads
 * to the smallest problem is taken.
 */
Reason CheckChain(const Certificate& end,
                  const std::vector<CertificatePointer>& others,
                  const std::vector<CertificatePointer>& roots,
                  UnixTime now,
                  Purpose purpose);

} // namespace nattlab::pki

#endif
