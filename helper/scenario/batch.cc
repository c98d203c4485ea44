// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/batch.h"

#include "helper/scenario/build.h"
#include "helper/scenario/copies.h"
#include "helper/scenario/document.h"
#include "helper/scenario/library.h"
#include "helper/scenario/override.h"
#include "helper/scenario/preset.h"
#include "helper/scenario/section-cache.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nattlab::scenario
{

namespace
{

constexpr std::size_t MOST_HOSTS = 2000; //!< remembered; one takes some 100 KB
constexpr std::size_t MOST_OTHERS = 20000;

/** A section that was built before: its merged form as a text, and what came of it. */
template <typename Built>
struct Known
{
    std::shared_ptr<const std::string> text;
    Built built;
};

bool
HasCertificates(const Scenario& scenario, const Host& host)
{
    const auto isKnown = [&](const std::string& name)
    { return scenario.FindCertificate(name) != nullptr; };
    return std::all_of(host.certificates.begin(), host.certificates.end(), isKnown) &&
           std::all_of(host.trustedRoots.begin(), host.trustedRoots.end(), isKnown) &&
           std::all_of(host.updates.begin(),
                       host.updates.end(),
                       [&](const auto& update)
                       { return HasCertificates(scenario, update.second); });
}

bool
IsTable(const std::string& key)
{
    return key == "links" || key == "hosts" || key == "boxes" || key == "certificates" ||
           key == "connections" || key == "traffic" || key == "timetable";
}

/** \return an object with one member. */
Json
Alone(const std::string& key, Json value)
{
    Json object = Json::object();
    object[key] = std::move(value);
    return object;
}

} // namespace

/**
 * The short way: every section by itself, and remembered. It knows no errors; whatever is not
 * plainly right goes the ordinary way, which finds the words.
 */
class BatchLoader::Impl
{
  public:
    explicit Impl(const LoadOptions& options);

    Scenario Load(const Json& document);

    std::size_t fastLoads{0};

  private:
    std::optional<Scenario> LoadFast(const Json& document);
    std::optional<Scenario> LoadExpanded(const Json& document);
    std::optional<Json> Rest(const Json& document);
    std::optional<Json> Members(const std::string& table, const Json& members);
    std::optional<Json> Timetable(const Json& document, const Json& entries);
    template <typename Built, typename Build>
    bool Sections(const Json& document,
                  const std::string& table,
                  SectionCache<Known<Built>>& cache,
                  std::vector<Built>& built,
                  std::vector<MergedDocument::Member>& shared,
                  Build build);
    const Json*
    Check(const std::string& key, const std::string& name, const Json& raw, const Json& part);
    std::optional<Json> Merge(const Json& part);

    LoadOptions m_options;
    Library m_library;
    std::vector<std::string> m_reasons; //!< in order
    std::vector<Problem> m_problems;    //!< of the presets
    std::optional<PresetShelf> m_shelf;
    SectionCache<Json> m_checked{MOST_OTHERS}; //!< merged form of what is small
    SectionCache<Known<Link>> m_links{MOST_OTHERS};
    SectionCache<Known<Host>> m_hosts{MOST_HOSTS};
    SectionCache<Known<Box>> m_boxes{MOST_OTHERS};
};

BatchLoader::Impl::Impl(const LoadOptions& options)
    : m_options(options),
      m_reasons(options.knownReasons)
{
    m_library = OpenLibrary(m_options, m_problems);
    if (!m_library.schema)
    {
        throw ScenarioErrors(m_problems);
    }
    std::sort(m_reasons.begin(), m_reasons.end());
}

Scenario
BatchLoader::Impl::Load(const Json& document)
{
    std::string text;
    try
    {
        if (auto scenario = LoadFast(document))
        {
            ++fastLoads;
            return std::move(*scenario);
        }
        text = document.dump();
    }
    catch (const Json::exception& error) // text that is not UTF-8
    {
        Problem problem;
        problem.file = m_options.file;
        problem.message = std::string("not valid JSON: ") + error.what();
        throw ScenarioErrors({problem});
    }
    return LoadText(text, m_options);
}

/** \return nothing when anything is wrong with the document. */
std::optional<Scenario>
BatchLoader::Impl::LoadFast(const Json& document)
{
    if (!document.is_object())
    {
        return std::nullopt;
    }
    if (m_options.overrides.empty() && !document.contains("copies"))
    {
        return LoadExpanded(document);
    }
    std::vector<Problem> problems;
    Json expanded = document;
    ApplyOverrides(expanded, m_options.overrides, problems);
    const auto copies = expanded.find("copies");
    if (!problems.empty() ||
        (copies != expanded.end() && !Check("copies", "", *copies, Alone("copies", *copies))))
    {
        return std::nullopt;
    }
    ExpandCopies(expanded, nullptr, problems);
    return problems.empty() ? LoadExpanded(expanded) : std::nullopt;
}

std::optional<Scenario>
BatchLoader::Impl::LoadExpanded(const Json& document)
{
    auto rest = Rest(document);
    if (!rest)
    {
        return std::nullopt;
    }
    Scenario scenario;
    scenario.file = m_options.file;
    std::vector<Problem> problems;
    ReadCertificateFiles(*rest, m_options.file, problems);
    Report report(problems);
    const Reader root(*rest, "", report);
    BuildHead(scenario, root);
    BuildCertificates(scenario, root);
    std::vector<MergedDocument::Member> shared;
    const bool sound =
        Sections(document, "links", m_links, scenario.links, shared, BuildLink) &&
        Sections(document,
                 "hosts",
                 m_hosts,
                 scenario.hosts,
                 shared,
                 [&](const std::string& name, const Reader& reader)
                 { return BuildHost(name, reader, scenario); }) &&
        Sections(document,
                 "boxes",
                 m_boxes,
                 scenario.boxes,
                 shared,
                 [&](const std::string& name, const Reader& reader)
                 { return BuildBox(name, reader, m_options.file); }) &&
        std::all_of(scenario.hosts.begin(),
                    scenario.hosts.end(),
                    [&](const Host& host) { return HasCertificates(scenario, host); });
    if (!sound)
    {
        return std::nullopt;
    }
    CheckTopology(scenario, root, report);
    BuildActivity(scenario, root);
    BuildExpect(scenario, root, m_reasons);
    if (!problems.empty())
    {
        return std::nullopt;
    }
    scenario.document = MergedDocument(std::move(*rest), std::move(shared));
    return scenario;
}

/** \return the merged document without the members of links, hosts and boxes. */
std::optional<Json>
BatchLoader::Impl::Rest(const Json& document)
{
    Json rest = Json::object();
    for (const auto& [key, value] : document.items())
    {
        std::optional<Json> merged;
        if (value.is_null())
        {
            continue;
        }
        if (!IsTable(key))
        {
            const Json* known = Check(key, "", value, Alone(key, value));
            merged = known ? std::optional(*known) : std::nullopt;
        }
        else if (key == "timetable")
        {
            merged = Timetable(document, value);
        }
        else if (value.is_object())
        {
            const bool shared = key == "links" || key == "hosts" || key == "boxes";
            merged = shared ? Json::object() : Members(key, value);
        }
        if (!merged)
        {
            return std::nullopt;
        }
        rest[key] = std::move(*merged);
    }
    const bool whole = rest.contains("title") && rest.contains("links") && rest.contains("hosts");
    return whole ? std::optional(std::move(rest)) : std::nullopt;
}

/** Merge and check the members of a table that depend on others, so that they are built anew. */
std::optional<Json>
BatchLoader::Impl::Members(const std::string& table, const Json& members)
{
    Json merged = Json::object();
    for (const auto& [name, raw] : members.items())
    {
        if (raw.is_null())
        {
            continue;
        }
        const Json* known = Check(table, name, raw, Json());
        if (!known)
        {
            return std::nullopt;
        }
        merged[name] = *known;
    }
    return merged;
}

/** An entry's firewall builds upon that of its machine, which therefore goes with it. */
std::optional<Json>
BatchLoader::Impl::Timetable(const Json& document, const Json& entries)
{
    if (!entries.is_array())
    {
        return std::nullopt;
    }
    Json merged = Json::array();
    for (const Json& entry : entries)
    {
        Json part = Alone("timetable", Json::array({entry}));
        for (const auto& [key, table] : {std::pair("box", "boxes"), std::pair("host", "hosts")})
        {
            const bool builds = entry.is_object() && entry.contains("firewall") &&
                                entry.contains(key) && entry[key].is_string();
            const auto members = document.find(table);
            if (!builds || members == document.end() || !members->is_object())
            {
                continue;
            }
            const auto machine = members->find(entry[key].get_ref<const std::string&>());
            if (machine != members->end())
            {
                part[table][machine.key()] = *machine;
            }
        }
        const Json* known = Check("timetable", "", part, part);
        if (!known)
        {
            return std::nullopt;
        }
        merged.push_back(known->at(0));
    }
    return merged;
}

/** Get the members of a table whose built form depends on nothing else. */
template <typename Built, typename Build>
bool
BatchLoader::Impl::Sections(const Json& document,
                            const std::string& table,
                            SectionCache<Known<Built>>& cache,
                            std::vector<Built>& built,
                            std::vector<MergedDocument::Member>& shared,
                            Build build)
{
    const auto members = document.find(table);
    if (members == document.end() || members->is_null())
    {
        return true;
    }
    for (const auto& [name, raw] : members->items())
    {
        const Known<Built>* known = raw.is_null() ? nullptr : cache.Find(table, name, raw);
        if (!known && !raw.is_null())
        {
            const auto merged = Merge(Alone(table, Alone(name, raw)));
            if (!merged)
            {
                return false;
            }
            const Json& value = merged->at(table).at(name);
            std::vector<Problem> problems;
            Report report(problems);
            Built section = build(name, Reader(value, Join('/' + table, name), report));
            if (!problems.empty())
            {
                return false;
            }
            known =
                &cache.Add(table,
                           name,
                           raw,
                           {std::make_shared<const std::string>(value.dump()), std::move(section)});
        }
        if (known)
        {
            built.push_back(known->built);
            shared.push_back({table, name, known->text});
        }
    }
    return true;
}

/**
 * \param key of the root's member that is looked at
 * \param name of the member in it; empty: the whole of it
 * \param raw what is remembered
 * \param part a document with nothing else; null: it is made from the other parameters
 * \return the merged form; null when it has a fault.
 */
const Json*
BatchLoader::Impl::Check(const std::string& key,
                         const std::string& name,
                         const Json& raw,
                         const Json& part)
{
    if (const Json* known = m_checked.Find(key, name, raw))
    {
        return known;
    }
    auto merged = Merge(part.is_null() ? Alone(key, Alone(name, raw)) : part);
    if (!merged)
    {
        return nullptr;
    }
    Json& value = part.is_null() ? (*merged)[key][name] : (*merged)[key];
    return &m_checked.Add(key, name, raw, std::move(value));
}

/**
 * Merge presets into a part of a document and check it by itself.
 * \param part has its values where the whole document has them
 * \return nothing when anything is wrong.
 */
std::optional<Json>
BatchLoader::Impl::Merge(const Json& part)
{
    if (ParseValue(part.dump()) != part)
    {
        return std::nullopt; // too deep or too long
    }
    m_problems.clear();
    if (!m_shelf)
    {
        m_shelf.emplace(m_library.presetDirectories, *m_library.schema, m_problems);
    }
    Json merged = part;
    ApplyPresets(merged, *m_shelf, m_problems);
    Json document{{"title", ""}, {"links", Json::object()}, {"hosts", Json::object()}};
    document.update(merged);
    m_library.schema->Check(document, "", m_problems);
    if (!m_problems.empty())
    {
        m_shelf.reset(); // tells the faults of a preset once only
        return std::nullopt;
    }
    return merged;
}

BatchLoader::BatchLoader(const LoadOptions& options)
    : m_impl(std::make_unique<Impl>(options))
{
}

BatchLoader::~BatchLoader() = default;
BatchLoader::BatchLoader(BatchLoader&&) noexcept = default;
BatchLoader& BatchLoader::operator=(BatchLoader&&) noexcept = default;

Scenario
BatchLoader::Load(const Json& document)
{
    return m_impl->Load(document);
}

std::size_t
BatchLoader::FastLoads() const
{
    return m_impl->fastLoads;
}

} // namespace nattlab::scenario
