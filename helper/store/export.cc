// SPDX-License-Identifier: GPL-2.0-only
#include "helper/store/export.h"

#include "helper/store/columns.h"
#include "helper/store/csv.h"

#include <nlohmann/json.hpp>

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace nattlab::store
{

namespace
{

/** \return the shortest text that reads back as the same number. */
template <class Number>
std::string
Shortest(Number number)
{
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
    return {text.data(), end};
}

/** \return \p text as JSON; bytes that are no UTF-8 become U+FFFD. */
std::string
QuotedForJson(const std::string& text)
{
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/** Puts cells into fields of CSV. */
struct CsvField
{
    std::string operator()(std::monostate /*absent*/) const
    {
        return "";
    }

    std::string operator()(std::int64_t number) const
    {
        return Shortest(number);
    }

    std::string operator()(std::uint64_t number) const
    {
        return Shortest(number);
    }

    std::string operator()(double number) const
    {
        return std::isfinite(number) ? Shortest(number) : "";
    }

    std::string operator()(bool truth) const
    {
        return truth ? "true" : "false";
    }

    std::string operator()(const std::string& text) const
    {
        return QuotedForCsv(text);
    }

    std::string operator()(const Drops& drops) const
    {
        std::string text;
        for (const auto& [reason, packets] : drops)
        {
            text += (text.empty() ? "" : " ") + reason + "=" + Shortest(packets);
        }
        return QuotedForCsv(text);
    }
};

/** Puts cells into values of JSON (RFC 8259). */
struct JsonValue
{
    std::string operator()(std::monostate /*absent*/) const
    {
        return "null";
    }

    std::string operator()(std::int64_t number) const
    {
        return Shortest(number);
    }

    std::string operator()(std::uint64_t number) const
    {
        return Shortest(number);
    }

    std::string operator()(double number) const
    {
        return std::isfinite(number) ? Shortest(number) : "null";
    }

    std::string operator()(bool truth) const
    {
        return truth ? "true" : "false";
    }

    std::string operator()(const std::string& text) const
    {
        return QuotedForJson(text);
    }

    std::string operator()(const Drops& drops) const
    {
        std::string object = "{";
        for (const auto& [reason, packets] : drops)
        {
            object += (object.size() == 1 ? "" : ",") + QuotedForJson(reason) + ":";
            object += Shortest(packets);
        }
        return object + "}";
    }
};

/** Makes the rows of a form from points, and hands over the cells of each. */
template <class Use>
void
ForEachRow(const Reader& reader, const Filter& filter, ExportForm form, const Use& use)
{
    const std::vector<Column>& columns = ColumnsOf(form);
    std::vector<Cell> cells;
    const auto hand = [&columns, &cells, &use](const RowSource& row)
    {
        cells.clear();
        cells.push_back(columns.front().cell(row));
        for (const AxisValue& value : row.point.values)
        {
            cells.push_back(std::visit([](const auto& v) { return Cell{v}; }, value));
        }
        for (std::size_t i = 1; i < columns.size(); ++i)
        {
            cells.push_back(columns[i].cell(row));
        }
        use(cells);
    };
    reader.ForEach(filter,
                   [form, &hand](const PointRow& point)
                   {
                       if (form == ExportForm::Points ||
                           (form == ExportForm::Connections && point.connections.empty()))
                       {
                           hand({point});
                       }
                       else if (form == ExportForm::Connections)
                       {
                           for (const ConnectionRow& connection : point.connections)
                           {
                               hand({point, &connection, nullptr});
                           }
                       }
                       else
                       {
                           for (const TrafficRow& traffic : point.traffic)
                           {
                               hand({point, nullptr, &traffic});
                           }
                       }
                   });
}

} // namespace

void
ExportCsv(const Reader& reader, const Filter& filter, std::ostream& out, ExportForm form)
{
    std::string line;
    const auto end = [&line, &out]
    {
        line += "\r\n";
        out << line;
        line.clear();
    };
    for (const std::string& name : HeaderOf(form, reader.Identity().axes))
    {
        line += (line.empty() ? "" : ",") + QuotedForCsv(name);
    }
    end();
    ForEachRow(reader,
               filter,
               form,
               [&line, &end](const std::vector<Cell>& cells)
               {
                   for (std::size_t i = 0; i < cells.size(); ++i)
                   {
                       line += i == 0 ? "" : ",";
                       line += std::visit(CsvField{}, cells[i]);
                   }
                   end();
               });
}

void
ExportJsonLines(const Reader& reader, const Filter& filter, std::ostream& out, ExportForm form)
{
    std::vector<std::string> keys;
    for (const std::string& name : HeaderOf(form, reader.Identity().axes))
    {
        keys.push_back((keys.empty() ? "{" : ",") + QuotedForJson(name) + ":");
    }
    std::string line;
    ForEachRow(reader,
               filter,
               form,
               [&](const std::vector<Cell>& cells)
               {
                   line.clear();
                   for (std::size_t i = 0; i < cells.size(); ++i)
                   {
                       line += keys[i];
                       line += std::visit(JsonValue{}, cells[i]);
                   }
                   out << line << "}\n";
               });
}

} // namespace nattlab::store
