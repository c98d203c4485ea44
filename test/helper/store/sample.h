// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * A sweep made up for tests, and a folder for its results.
 */
#ifndef NATTLAB_TEST_STORE_SAMPLE_H
#define NATTLAB_TEST_STORE_SAMPLE_H

#include "helper/store/export.h"
#include "helper/store/reader.h"
#include "helper/store/writer.h"

#include <filesystem>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace nattlab::store
{

/** A folder that is empty at first and gone at last. */
class StoreTest : public ::testing::Test
{
  protected:
    StoreTest();
    ~StoreTest() override;

    /** \return a path in the folder. */
    std::string Path(const std::string& name) const;

    std::filesystem::path m_folder;
};

/** \return a sweep of \p points points over axes of each kind. */
SweepIdentity SampleIdentity(std::uint64_t points = 10);

/** \return one use of the command. */
Invocation SampleInvocation();

/**
 * \return a point that has everything: of every five points the third is invalid, the fourth is at
 * fault, the others have two connections and traffic.
 */
PointRow SamplePoint(PointId id);

/** Write points of the sample, in the order given, and finish. */
void WriteSample(const std::string& directory,
                 const SweepIdentity& identity,
                 const std::vector<PointId>& ids,
                 Writer::Mode mode = Writer::Mode::Create);

/** \return 1 to \p last. */
std::vector<PointId> Ids(PointId last);

/** \return every export in every form, one after the other. */
std::string AllExports(const std::string& directory);

std::string Csv(const std::string& directory,
                const std::vector<std::string>& terms = {},
                ExportForm form = ExportForm::Connections);

std::string JsonLines(const std::string& directory, ExportForm form = ExportForm::Connections);

/** \return the message of the exception of that type that \p work throws; empty: it throws none. */
template <class Problem>
std::string
MessageOf(const std::function<void()>& work)
{
    try
    {
        work();
    }
    catch (const Problem& problem)
    {
        return problem.what();
    }
    return "";
}

} // namespace nattlab::store

#endif
