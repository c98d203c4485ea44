// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_STORE_STORE_ERROR_H
#define NATTLAB_STORE_STORE_ERROR_H

#include <stdexcept>

namespace nattlab::store
{

/** Results cannot be read or written; the text names the file, what was expected and found. */
struct StoreError : std::runtime_error
{
    using std::runtime_error::runtime_error;
};

/**
 * What is asked for does not go with the files that are there: no results, results of something
 * else, results that another process writes. Nothing is broken; the caller asked for the wrong
 * thing.
 */
struct Refusal : StoreError
{
    using StoreError::StoreError;
};

} // namespace nattlab::store

#endif
