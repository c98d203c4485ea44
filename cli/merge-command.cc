// SPDX-License-Identifier: GPL-2.0-only
#include "cli/commands.h"

#include "helper/store/merge.h"
#include "helper/store/reader.h"

#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace nattlab
{

namespace
{

struct MergeOptions
{
    std::vector<std::string> directories;
    std::string target;
};

int
MergeShards(const MergeOptions& options)
{
    store::Merge(options.directories, options.target);
    const std::uint64_t points = store::Reader(options.target).PointCount();
    std::cout << options.target << ": " << points << (points == 1 ? " point" : " points") << " of "
              << options.directories.size()
              << (options.directories.size() == 1 ? " shard\n" : " shards\n");
    return EXIT_AS_EXPECTED;
}

} // namespace

void
AddMergeCommand(CLI::App& app, int& status)
{
    auto options = std::make_shared<MergeOptions>();
    CLI::App* merge =
        app.add_subcommand("merge", "Join the results of all shards of a sweep in one directory.");
    merge->add_option("DIR", options->directories, "Where the shards are, each complete.")
        ->required();
    merge->add_option("-o,--output", options->target, "Directory for the whole; no results there.")
        ->type_name("TARGET")
        ->required();
    merge->callback([options, &status] { status = MergeShards(*options); });
}

} // namespace nattlab
