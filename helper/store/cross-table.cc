// SPDX-License-Identifier: GPL-2.0-only
#include "helper/store/cross-table.h"

#include "helper/store/csv.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <map>
#include <optional>

namespace nattlab::store
{

namespace
{

/** \return the number of an axis. */
std::size_t
AxisNamed(const std::vector<std::string>& axes, const std::string& name)
{
    const auto found = std::find(axes.begin(), axes.end(), name);
    if (found != axes.end())
    {
        return static_cast<std::size_t>(found - axes.begin());
    }
    throw UnknownColumn(name, name, axes);
}

struct TextOf
{
    std::string operator()(std::int64_t number) const
    {
        return std::to_string(number);
    }

    std::string operator()(double number) const
    {
        std::array<char, 32> text{};
        return {text.data(), std::to_chars(text.data(), text.data() + text.size(), number).ptr};
    }

    std::string operator()(bool truth) const
    {
        return truth ? "true" : "false";
    }

    std::string operator()(const std::string& text) const
    {
        return text;
    }
};

/** The place of each value in the order of the sweep: that of the first point that has it. */
class Order
{
  public:
    /** \return the number of a value; new ones are put at the end. */
    std::size_t NumberOf(const AxisValue& value)
    {
        const auto [found, isNew] = m_numbers.emplace(value, m_names.size());
        if (isNew)
        {
            m_names.push_back(std::visit(TextOf{}, value));
        }
        return found->second;
    }

    std::vector<std::string> Names() const
    {
        return m_names;
    }

  private:
    std::map<AxisValue, std::size_t> m_numbers;
    std::vector<std::string> m_names;
};

/** \return "37 %", or nothing for an empty cell. */
std::string
PercentText(const Share& share)
{
    if (share.all == 0)
    {
        return "";
    }
    // Only all is 100 %, and only none is 0 %.
    std::uint64_t percent = (100 * share.good + share.all / 2) / share.all;
    if (share.good > 0 && share.good < share.all)
    {
        percent = std::clamp<std::uint64_t>(percent, 1, 99);
    }
    return std::to_string(percent) + " %";
}

/** \return what a count of all is called. */
std::string
AllName(const CrossTable& table)
{
    return table.what == Subject::Connections ? "connections" : "traffic";
}

/** \return what those of them are called that succeed. */
std::string
GoodName(const CrossTable& table)
{
    return table.what == Subject::Connections ? "connected" : "arrived";
}

std::string
Heading(const CrossTable& table)
{
    return table.columnAxis.empty() ? table.rowAxis : table.rowAxis + " \\ " + table.columnAxis;
}

/** \return head and rows as texts. */
std::vector<std::vector<std::string>>
TextsOf(const CrossTable& table)
{
    std::vector<std::vector<std::string>> lines(1);
    lines[0].push_back(Heading(table));
    for (const std::string& column : table.columns)
    {
        lines[0].push_back(table.columnAxis.empty() ? GoodName(table) : column);
    }
    for (std::size_t row = 0; row < table.rows.size(); ++row)
    {
        std::vector<std::string>& line = lines.emplace_back();
        line.push_back(table.rows[row]);
        for (const Share& share : table.cells[row])
        {
            line.push_back(PercentText(share));
        }
    }
    return lines;
}

/** \return the text of a cell: without an end of line, column or tag. */
std::string
QuotedForMarkdown(const std::string& text)
{
    std::string quoted;
    for (const char c : text)
    {
        quoted += c == '|'                 ? "\\|"
                  : c == '<'               ? "&lt;"
                  : c == '\r' || c == '\n' ? " "
                                           : std::string(1, c);
    }
    return quoted;
}

double
Fraction(const Share& share)
{
    return static_cast<double>(share.good) / static_cast<double>(share.all);
}

/** Call \p use for each cell that is not empty. */
template <typename Use>
void
ForEachCell(const CrossTable& table, const Use& use)
{
    for (std::size_t row = 0; row < table.rows.size(); ++row)
    {
        for (std::size_t column = 0; column < table.columns.size(); ++column)
        {
            if (table.cells[row][column].all > 0)
            {
                use(table.rows[row], table.columns[column], table.cells[row][column]);
            }
        }
    }
}

} // namespace

CrossTable
MakeCrossTable(const Reader& reader,
               Subject what,
               const Filter& filter,
               const std::vector<std::string>& axes)
{
    if (axes.empty() || axes.size() > 2)
    {
        throw FilterError("a table has one axis or two, not " + std::to_string(axes.size()));
    }
    const std::vector<std::string>& known = reader.Identity().axes;
    const std::size_t rowAxis = AxisNamed(known, axes.front());
    const std::optional<std::size_t> columnAxis =
        axes.size() > 1 ? std::optional(AxisNamed(known, axes.back())) : std::nullopt;
    CrossTable table;
    table.what = what;
    table.rowAxis = axes.front();
    table.columnAxis = axes.size() > 1 ? axes.back() : "";
    Order rows;
    Order columns;
    std::map<std::pair<std::size_t, std::size_t>, Share> cells;
    for (const AxisShare& found : reader.CountShares(what, filter, rowAxis, columnAxis))
    {
        const std::size_t row = rows.NumberOf(found.row);
        const std::size_t column = columnAxis ? columns.NumberOf(found.column) : 0;
        cells[{row, column}] = {found.all, found.good, found.example};
    }
    table.rows = rows.Names();
    table.columns = columnAxis ? columns.Names() : std::vector<std::string>{""};
    table.cells.assign(table.rows.size(), std::vector<Share>(table.columns.size()));
    for (const auto& [place, share] : cells)
    {
        table.cells[place.first][place.second] = share;
    }
    return table;
}

void
WriteText(const CrossTable& table, std::ostream& out)
{
    const auto lines = TextsOf(table);
    std::vector<std::size_t> widths(lines[0].size());
    for (const auto& line : lines)
    {
        for (std::size_t i = 0; i < line.size(); ++i)
        {
            widths[i] = std::max(widths[i], line[i].size());
        }
    }
    for (const auto& line : lines)
    {
        for (std::size_t i = 0; i < line.size(); ++i)
        {
            const std::string padding(widths[i] - line[i].size(), ' ');
            out << (i == 0 ? line[i] + padding : "  " + padding + line[i]);
        }
        out << "\n";
    }
}

void
WriteMarkdown(const CrossTable& table, std::ostream& out)
{
    const auto lines = TextsOf(table);
    for (std::size_t i = 0; i < lines.size(); ++i)
    {
        for (const std::string& text : lines[i])
        {
            out << "| " << QuotedForMarkdown(text) << ' ';
        }
        out << "|\n";
        for (std::size_t column = 0; i == 0 && column < lines[0].size(); ++column)
        {
            out << (column == 0 ? "| --- " : "| ---: ")
                << (column + 1 == lines[0].size() ? "|\n" : "");
        }
    }
}

void
WriteCsv(const CrossTable& table, std::ostream& out)
{
    out << QuotedForCsv(table.rowAxis)
        << (table.columnAxis.empty() ? "" : "," + QuotedForCsv(table.columnAxis)) << ","
        << AllName(table) << "," << GoodName(table) << ",share,point\n";
    ForEachCell(table,
                [&](const std::string& row, const std::string& column, const Share& share)
                {
                    out << QuotedForCsv(row)
                        << (table.columnAxis.empty() ? "" : "," + QuotedForCsv(column)) << ","
                        << share.all << "," << share.good << "," << TextOf{}(Fraction(share)) << ","
                        << share.example << "\n";
                });
}

void
WriteJson(const CrossTable& table, std::ostream& out)
{
    nlohmann::ordered_json json = nlohmann::ordered_json::array();
    ForEachCell(table,
                [&](const std::string& row, const std::string& column, const Share& share)
                {
                    nlohmann::ordered_json& cell = json.emplace_back();
                    cell[table.rowAxis] = row;
                    if (!table.columnAxis.empty())
                    {
                        cell[table.columnAxis] = column;
                    }
                    cell[AllName(table)] = share.all;
                    cell[GoodName(table)] = share.good;
                    cell["share"] = Fraction(share);
                    cell["point"] = share.example;
                });
    out << json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
}

} // namespace nattlab::store
