// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SIMULATION_CERTIFICATE_SHELF_H
#define NATTLAB_SIMULATION_CERTIFICATE_SHELF_H

#include "helper/scenario/scenario.h"

#include "model/pki/authority.h"
#include "model/pki/store.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace nattlab
{

/** The certificates of a scenario: each is made, or read, when a host first needs it. */
class CertificateShelf
{
  public:
    /** \param scenario must outlive the shelf */
    explicit CertificateShelf(const scenario::Scenario& scenario);

    /**
     * \return what a host has and trusts; null when the scenario says nothing of it.
     * \throws scenario::ScenarioErrors for a certificate that cannot be made or read
     */
    std::shared_ptr<const pki::Store> StoreOf(const scenario::Host& host);

    /** \return a certificate with those above it but the root, as DER, its own first. */
    std::vector<Bytes> ChainOf(const std::string& name);

  private:
    const pki::IssuedCertificate& Issue(const scenario::Certificate& certificate);

    const scenario::Scenario& m_scenario;
    pki::Pki m_pki;
    std::map<std::string, const pki::IssuedCertificate*> m_issued;
};

} // namespace nattlab

#endif
