// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/explain.h"

#include "helper/scenario/document.h"
#include "helper/scenario/nearest.h"

#include <algorithm>

namespace nattlab::scenario
{

namespace
{

constexpr std::size_t MOST_KEYS_LISTED = 12;

const Json&
Resolve(const Json& root, const Json& node)
{
    const auto reference = node.find("$ref");
    return reference == node.end()
               ? node
               : root.at(Json::json_pointer(reference->get<std::string>().substr(1)));
}

/** \return the schema of a member or element; null when the schema names none. */
const Json*
Step(const Json& root, const Json& node, const std::string& token)
{
    if (node.contains("items"))
    {
        return &Resolve(root, node["items"]);
    }
    if (node.contains("properties") && node["properties"].contains(token))
    {
        return &Resolve(root, node["properties"][token]);
    }
    const auto additional = node.find("additionalProperties");
    return additional != node.end() && additional->is_object() ? &Resolve(root, *additional)
                                                               : nullptr;
}

bool
HasType(const Json& value, const std::string& type)
{
    return (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
           (type == "string" && value.is_string()) || (type == "boolean" && value.is_boolean()) ||
           (type == "integer" && value.is_number_integer()) ||
           (type == "number" && value.is_number());
}

std::string
NameOfType(const std::string& type)
{
    return type == "object"    ? "an object"
           : type == "array"   ? "an array"
           : type == "string"  ? "a text"
           : type == "boolean" ? "true or false"
           : type == "integer" ? "a whole number"
                               : "a number";
}

/** \return "one of "a", "b"". */
std::string
OneOf(const Json& values)
{
    std::string text;
    for (const auto& value : values)
    {
        text += (text.empty() ? "" : ", ") + value.dump();
    }
    return values.size() == 1 ? text : "one of " + text;
}

/** \return in words what values a schema allows. */
std::string
Expected(const Json& node)
{
    if (node.contains("enum"))
    {
        return OneOf(node["enum"]);
    }
    if (node.contains("title"))
    {
        return node["title"].get<std::string>();
    }
    std::string text = NameOfType(node.value("type", "object"));
    if (node.contains("minimum") && node.contains("maximum"))
    {
        text += " from " + node["minimum"].dump() + " to " + node["maximum"].dump();
    }
    return text;
}

bool
TypeFits(const Json& node, const Json& value)
{
    const auto type = node.find("type");
    if (type == node.end() || type->is_string())
    {
        return type == node.end() || HasType(value, type->get<std::string>());
    }
    return std::any_of(type->begin(),
                       type->end(),
                       [&](const Json& one) { return HasType(value, one.get<std::string>()); });
}

std::vector<std::string>
Keys(const Json& object)
{
    std::vector<std::string> keys;
    for (const auto& [key, ignored] : object.items())
    {
        keys.push_back(key);
    }
    return keys;
}

std::vector<std::string>
Texts(const Json& values)
{
    std::vector<std::string> texts;
    for (const auto& value : values)
    {
        if (value.is_string())
        {
            texts.push_back(value.get<std::string>());
        }
    }
    return texts;
}

void
ExplainMembers(const Json& root,
               const Json& node,
               const Json& value,
               const std::string& pointer,
               std::vector<Problem>& problems)
{
    static const Json NONE = Json::object();
    const Json& properties = node.contains("properties") ? node["properties"] : NONE;
    if (node.value("additionalProperties", Json()) == Json(false))
    {
        for (const auto& [key, ignored] : value.items())
        {
            if (!properties.contains(key))
            {
                Problem problem;
                problem.pointer = Join(pointer, key);
                problem.message = "unknown key \"" + key + '"';
                problem.nearest = Nearest(key, Keys(properties));
                if (problem.nearest.empty() && properties.size() <= MOST_KEYS_LISTED)
                {
                    problem.expected = OneOf(Json(Keys(properties)));
                }
                problems.push_back(problem);
            }
        }
    }
    for (const auto& key : node.value("required", Json::array()))
    {
        if (!value.contains(key))
        {
            Problem problem;
            problem.pointer = pointer;
            problem.message = "missing key " + key.dump();
            const Json* member = Step(root, node, key.get<std::string>());
            problem.expected = member ? Expected(*member) : "";
            problems.push_back(problem);
        }
    }
    if (value.size() < node.value("minProperties", std::size_t{0}))
    {
        Problem problem;
        problem.pointer = pointer;
        problem.expected = "at least one member";
        problem.found = "none";
        problems.push_back(problem);
    }
}

void
ExplainLength(const Json& node,
              const Json& value,
              const std::string& pointer,
              std::vector<Problem>& problems)
{
    const auto least = node.value("minItems", std::size_t{0});
    const auto most = node.value("maxItems", value.size());
    if (value.size() < least || value.size() > most)
    {
        Problem problem;
        problem.pointer = pointer;
        problem.expected = value.size() < least ? "at least " + std::to_string(least)
                                                : "at most " + std::to_string(most);
        problem.expected += " elements";
        problem.found = std::to_string(value.size());
        problems.push_back(problem);
    }
}

} // namespace

void
Explain(const Json& root,
        const std::string& definition,
        const Json& value,
        const std::vector<std::string>& tokens,
        std::vector<Problem>& problems)
{
    const Json* node = definition.empty() ? &root : &root.at("definitions").at(definition);
    const Json* at = &value;
    std::string pointer;
    for (const auto& token : tokens)
    {
        node = Step(root, *node, token);
        at = at->is_array() ? &at->at(std::stoul(token)) : &at->at(token);
        pointer = Join(pointer, token);
        if (!node)
        {
            return;
        }
    }
    if (at->is_primitive() || !TypeFits(*node, *at))
    {
        Problem problem;
        problem.pointer = pointer;
        problem.expected = Expected(*node);
        problem.found = Describe(*at);
        if (at->is_string() && node->contains("enum"))
        {
            problem.nearest = Nearest(at->get<std::string>(), Texts((*node)["enum"]));
        }
        problems.push_back(problem);
    }
    else if (at->is_object())
    {
        ExplainMembers(root, *node, *at, pointer, problems);
    }
    else if (at->is_array())
    {
        ExplainLength(*node, *at, pointer, problems);
    }
}

} // namespace nattlab::scenario
