// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/merged.h"

#include <algorithm>
#include <utility>

namespace nattlab::scenario
{

namespace
{

/** Add "key": to the text of an object. */
void
AddKey(std::string& text, const std::string& key)
{
    text += text.back() == '{' ? "" : ",";
    text += Json(key).dump() + ':';
}

} // namespace

MergedDocument::MergedDocument(Json whole)
    : m_rest(std::make_shared<const Json>(std::move(whole)))
{
}

MergedDocument::MergedDocument(Json rest, std::vector<Member> shared)
    : m_rest(std::make_shared<const Json>(std::move(rest))),
      m_shared(std::make_shared<const std::vector<Member>>(std::move(shared)))
{
}

const Json&
MergedDocument::Rest() const
{
    static const Json EMPTY = Json::object();
    return m_rest ? *m_rest : EMPTY;
}

Json
MergedDocument::Whole() const
{
    return m_shared ? Json::parse(Dump()) : Rest();
}

std::string
MergedDocument::Dump() const
{
    if (!m_shared)
    {
        return Rest().dump();
    }
    std::string text = "{";
    for (const auto& [key, value] : Rest().items())
    {
        const auto begin =
            std::find_if(m_shared->begin(),
                         m_shared->end(),
                         [&, &table = key](const Member& member) { return member.table == table; });
        AddKey(text, key);
        if (begin == m_shared->end())
        {
            text += value.dump();
            continue;
        }
        text += '{';
        for (auto at = begin; at != m_shared->end() && at->table == key; ++at)
        {
            AddKey(text, at->name);
            text += *at->text;
        }
        text += '}';
    }
    return text + '}';
}

bool
operator==(const MergedDocument& a, const MergedDocument& b)
{
    return a.Whole() == b.Whole();
}

} // namespace nattlab::scenario
