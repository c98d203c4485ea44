// SPDX-License-Identifier: GPL-2.0-only
#include "helper/audit/write.h"

#include "helper/audit/findings.h"
#include "helper/audit/table.h"

#include <nlohmann/json.hpp>

namespace nattlab::audit
{

namespace
{

std::string
TitleOf(const Audit& audit)
{
    return audit.identity.title.empty() ? "A sweep without a title" : audit.identity.title;
}

/** \return title and description of the sweep's base, as far as they are there. */
std::string
BaseText(const Audit& audit)
{
    const auto document = nlohmann::json::parse(audit.identity.document, nullptr, false);
    std::string text;
    for (const char* pointer : {"/base/title", "/base/description"})
    {
        const nlohmann::json::json_pointer place(pointer);
        if (document.contains(place) && document[place].is_string())
        {
            text += (text.empty() ? "" : ". ") + document[place].get<std::string>();
        }
    }
    return text;
}

/** \return "credential: key"; of a sweep without such axes nothing. */
std::string
GroupText(const Audit& audit, const Group& group)
{
    std::string text;
    for (std::size_t i = 0; i < group.values.size(); ++i)
    {
        text += text.empty() ? "" : ", ";
        text += audit.groupAxes[i] == "replicate" ? "" : audit.groupAxes[i] + ": ";
        text += group.values[i];
    }
    return text;
}

/** \return which words stand in the tables, in the order of ANSWERS. */
std::vector<Answer>
AnswersIn(const Audit& audit)
{
    std::vector<Answer> answers;
    for (const Answer answer : ANSWERS)
    {
        bool there = false;
        for (const Group& group : audit.groups)
        {
            for (const Place& place : group.places)
            {
                for (const Finding& finding : place.findings)
                {
                    there = there || finding.answer == answer;
                }
            }
        }
        if (there)
        {
            answers.push_back(answer);
        }
    }
    return answers;
}

std::string
SharedText(const Audit& audit)
{
    if (audit.groups.size() < 2)
    {
        return "";
    }
    std::string names;
    for (const Group& group : audit.groups)
    {
        names += (names.empty() ? "" : "; ") + group.Name();
    }
    return "A line that begins with none of these names holds for all of them: " + names + ".";
}

} // namespace

void
WriteText(const Audit& audit, const std::string& directory, std::ostream& out)
{
    out << TitleOf(audit) << "\n";
    for (const Group& group : audit.groups)
    {
        const std::string name = GroupText(audit, group);
        out << "\n" << name << (name.empty() ? "" : "\n");
        WriteAligned(StatementTable(audit, group, Style::Plain), out);
        out << "\n  Does it connect?\n";
        WriteAligned(PolicyTable(audit, group, Style::Plain), out);
        if (const Table failures = FailureTable(group); failures.size() > 1)
        {
            out << "\n  What keeps it from connecting\n";
            WriteAligned(failures, out);
        }
    }
    out << "\n";
    for (const Answer answer : AnswersIn(audit))
    {
        out << NameOf(answer) << ": " << DefinitionOf(answer) << "\n";
    }
    out << "A number is the point that shows it: nattlab rerun " << directory << " NUMBER\n";
}

void
WritePage(const Audit& audit, const std::string& madeBy, std::ostream& out)
{
    out << "# " << TitleOf(audit) << "\n\n";
    if (const std::string base = BaseText(audit); !base.empty())
    {
        out << base << "\n\n";
    }
    out << audit.identity.points << " points, nattlab " << audit.identity.version << ", sweep `"
        << audit.identity.sweep.substr(0, 16) << "`";
    if (!madeBy.empty())
    {
        out << ", by\n\n```\n" << madeBy << "\n```\n";
    }
    else
    {
        out << ".\n";
    }
    out << "\nNumbers are points of the sweep. `nattlab rerun DIR N` runs point N again and shows "
           "it "
           "as a picture, where\nDIR holds the results. X is the statement that a line is "
           "about.\n\n"
        << "| word | meaning |\n| --- | --- |\n";
    for (const Answer answer : ANSWERS)
    {
        out << "| " << NameOf(answer) << " | " << DefinitionOf(answer) << " |\n";
    }
    out << "\n## Findings\n\n";
    if (const std::string shared = SharedText(audit); !shared.empty())
    {
        out << shared << "\n\n";
    }
    for (const std::string& finding : Findings(audit))
    {
        out << "- " << finding << "\n";
    }
    for (const Group& group : audit.groups)
    {
        const std::string name = GroupText(audit, group);
        out << "\n## " << (name.empty() ? "Tables" : name) << "\n\n### Statements\n\n"
            << "Below each word stand the points behind it: all statements, all but X, nothing, "
               "only "
               "X; of a statement\nthat was written for another one also all but that one.\n\n";
        WriteMarkdown(StatementTable(audit, group, Style::Markdown), out);
        out << "\n### Does it connect?\n\n";
        WriteMarkdown(PolicyTable(audit, group, Style::Markdown), out);
        if (const Table failures = FailureTable(group); failures.size() > 1)
        {
            out << "\n### What keeps it from connecting\n\n";
            WriteMarkdown(failures, out);
        }
    }
}

} // namespace nattlab::audit
