// SPDX-License-Identifier: GPL-2.0-only
#if defined(__GNUC__) && !defined(__clang__)
// std::regex, which valijson uses, warns falsely under -fsanitize (GCC bug 105562).
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include "helper/scenario/schema.h"

#include "helper/scenario/document.h"
#include "helper/scenario/explain.h"

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include <map>
#include <mutex>
#include <set>
#include <utility>

namespace nattlab::scenario
{

namespace
{

using Adapter = valijson::adapters::NlohmannJsonAdapter;

/** \return the reference tokens of an error's context, which begins with "<root>" and writes each
 * of them in brackets. */
std::vector<std::string>
TokensOf(const std::vector<std::string>& context)
{
    std::vector<std::string> tokens;
    for (std::size_t i = 1; i < context.size(); ++i)
    {
        tokens.push_back(context[i].substr(1, context[i].size() - 2));
    }
    return tokens;
}

} // namespace

/** The parsed forms of the schema, one for each definition that was asked for. */
class Schema::Impl
{
  public:
    explicit Impl(Json document)
        : m_document(std::move(document))
    {
    }

    const Json& Root() const
    {
        return m_document;
    }

    const valijson::Schema& Parsed(const std::string& definition)
    {
        const std::lock_guard<std::mutex> lock(m_mutex);
        auto& parsed = m_parsed[definition];
        if (!parsed)
        {
            Json root = m_document;
            if (!definition.empty())
            {
                root = m_document.at("definitions").at(definition);
                root["definitions"] = m_document.at("definitions");
            }
            parsed = std::make_unique<valijson::Schema>();
            valijson::SchemaParser(valijson::SchemaParser::kDraft7)
                .populateSchema(Adapter(root), *parsed);
        }
        return *parsed;
    }

  private:
    Json m_document;
    std::mutex m_mutex;
    std::map<std::string, std::unique_ptr<valijson::Schema>> m_parsed;
};

Schema::Schema(Json document)
    : m_impl(std::make_unique<Impl>(std::move(document)))
{
}

Schema::~Schema() = default;

const Schema*
Schema::Of(const std::string& dataDirectory,
           std::vector<Problem>& problems,
           const std::string& name)
{
    static std::mutex mutex;
    static std::map<std::string, std::unique_ptr<Schema>> schemas;
    const std::lock_guard<std::mutex> lock(mutex);
    const std::string file = dataDirectory + '/' + name;
    auto& schema = schemas[file];
    if (!schema)
    {
        auto document = Document::Read(file, problems);
        if (!document)
        {
            return nullptr;
        }
        schema.reset(new Schema(std::move(document->value)));
    }
    return schema.get();
}

void
Schema::Check(const Json& value,
              const std::string& definition,
              std::vector<Problem>& problems) const
{
    valijson::ValidationResults results;
    thread_local valijson::Validator validator; // keeps its compiled patterns
    if (validator.validate(m_impl->Parsed(definition), Adapter(value), &results))
    {
        return;
    }
    const std::size_t before = problems.size();
    std::set<std::vector<std::string>> places; // an error is repeated for each object around it
    for (const auto& error : results)
    {
        places.insert(TokensOf(error.context));
    }
    for (const auto& tokens : places)
    {
        Explain(m_impl->Root(), definition, value, tokens, problems);
    }
    if (problems.size() == before) // a constraint that Explain has no words for
    {
        Problem problem;
        problem.message = results.begin()->description;
        for (const auto& token : TokensOf(results.begin()->context))
        {
            problem.pointer = Join(problem.pointer, token);
        }
        problems.push_back(problem);
    }
}

} // namespace nattlab::scenario
