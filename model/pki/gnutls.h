// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Owners for what GnuTLS hands out. Only source files include this.
 */
#ifndef NATTLAB_PKI_GNUTLS_H
#define NATTLAB_PKI_GNUTLS_H

#include "model/packet/bytes.h"

#include <gnutls/gnutls.h>
#include <gnutls/pkcs7.h>
#include <gnutls/x509.h>
#include <new>
#include <stdexcept>
#include <string>

namespace nattlab::pki
{

/**
 * A handle with its gnutls_..._init and gnutls_..._deinit.
 * \throws std::bad_alloc from the constructor
 */
template <typename Handle, int (*Init)(Handle*), void (*Deinit)(Handle)>
class GnutlsHandle
{
  public:
    GnutlsHandle()
    {
        if (Init(&m_handle) < 0)
        {
            throw std::bad_alloc();
        }
    }

    ~GnutlsHandle()
    {
        Deinit(m_handle);
    }

    GnutlsHandle(const GnutlsHandle&) = delete;
    GnutlsHandle& operator=(const GnutlsHandle&) = delete;

    operator Handle() const
    {
        return m_handle;
    }

  private:
    Handle m_handle{nullptr};
};

using GnutlsCertificate =
    GnutlsHandle<gnutls_x509_crt_t, gnutls_x509_crt_init, gnutls_x509_crt_deinit>;
using GnutlsName = GnutlsHandle<gnutls_x509_dn_t, gnutls_x509_dn_init, gnutls_x509_dn_deinit>;
using GnutlsPkcs7 = GnutlsHandle<gnutls_pkcs7_t, gnutls_pkcs7_init, gnutls_pkcs7_deinit>;

/** Bytes that GnuTLS allocated. */
class GnutlsBytes
{
  public:
    GnutlsBytes() = default;

    ~GnutlsBytes()
    {
        gnutls_free(m_datum.data);
    }

    GnutlsBytes(const GnutlsBytes&) = delete;
    GnutlsBytes& operator=(const GnutlsBytes&) = delete;

    /** \return where GnuTLS puts them. */
    gnutls_datum_t* Out()
    {
        return &m_datum;
    }

    ByteView View() const
    {
        return {m_datum.data, m_datum.size};
    }

    std::string Text() const
    {
        return std::string(View().begin(), View().end());
    }

  private:
    gnutls_datum_t m_datum{nullptr, 0};
};

/** \return the view as GnuTLS takes it; it does not write there. */
inline gnutls_datum_t
Datum(ByteView view)
{
    return {const_cast<unsigned char*>(view.data()), static_cast<unsigned>(view.size())};
}

/** \throws std::invalid_argument when a call failed: \p what, and what GnuTLS says about it. */
inline void
Require(int result, const char* what)
{
    if (result < 0)
    {
        throw std::invalid_argument(std::string(what) + ": " + gnutls_strerror(result));
    }
}

} // namespace nattlab::pki

#endif
