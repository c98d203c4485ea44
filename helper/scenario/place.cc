// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/place.h"

#include "helper/scenario/document.h"

#include <utility>

namespace nattlab::scenario
{

namespace
{

/** Walks a text that is known to be valid JSON, and writes down where everything stands. */
class PlaceScanner
{
  public:
    PlaceScanner(std::string_view text, const std::string& file, std::vector<Problem>& problems)
        : m_text(text),
          m_file(file),
          m_problems(problems)
    {
    }

    void Value(const std::string& pointer)
    {
        Space();
        m_places.emplace(pointer, Here());
        if (Peek() == '{')
        {
            Members(pointer);
        }
        else if (Peek() == '[')
        {
            Elements(pointer);
        }
        else if (Peek() == '"')
        {
            String();
        }
        else
        {
            while (m_next < m_text.size() &&
                   std::string_view(",]} \t\r\n").find(Peek()) == std::string_view::npos)
            {
                ++m_next;
            }
        }
        Space();
    }

    std::map<std::string, Place> TakePlaces()
    {
        return std::move(m_places);
    }

  private:
    char Peek() const
    {
        return m_next < m_text.size() ? m_text[m_next] : '\0';
    }

    Place Here() const
    {
        return {m_line, m_next - m_lineStart + 1};
    }

    void Space()
    {
        while (m_next < m_text.size() &&
               std::string_view(" \t\r\n").find(Peek()) != std::string_view::npos)
        {
            if (m_text[m_next++] == '\n')
            {
                ++m_line;
                m_lineStart = m_next;
            }
        }
    }

    /** \return the string's text. */
    std::string String()
    {
        const std::size_t start = m_next++;
        bool escaped = false;
        while (m_next < m_text.size() && Peek() != '"')
        {
            escaped = escaped || Peek() == '\\';
            m_next += Peek() == '\\' ? 2 : 1;
        }
        ++m_next;
        const auto raw = m_text.substr(start, m_next - start);
        return escaped ? Json::parse(raw).get<std::string>()
                       : std::string(raw.substr(1, raw.size() - 2));
    }

    void Members(const std::string& pointer)
    {
        ++m_next;
        Space();
        while (m_next < m_text.size() && Peek() != '}')
        {
            const auto place = Here();
            const std::string member = Join(pointer, String());
            if (!m_places.emplace(member, place).second)
            {
                Problem problem;
                problem.file = m_file;
                problem.line = place.line;
                problem.column = place.column;
                problem.pointer = member;
                problem.message = "duplicate key: it stands twice in the same object";
                m_problems.push_back(problem);
            }
            Space();
            ++m_next; // the colon
            Value(member);
            Separator();
        }
        ++m_next;
    }

    void Elements(const std::string& pointer)
    {
        ++m_next;
        Space();
        for (std::size_t index = 0; m_next < m_text.size() && Peek() != ']'; ++index)
        {
            Value(Join(pointer, index));
            Separator();
        }
        ++m_next;
    }

    void Separator()
    {
        if (Peek() == ',')
        {
            ++m_next;
            Space();
        }
    }

    std::string_view m_text;
    const std::string& m_file;
    std::map<std::string, Place> m_places;
    std::vector<Problem>& m_problems;
    std::size_t m_next{0};
    std::size_t m_line{1};
    std::size_t m_lineStart{0};
};

} // namespace

std::map<std::string, Place>
FindPlaces(std::string_view text, const std::string& file, std::vector<Problem>& problems)
{
    PlaceScanner scanner(text, file, problems);
    scanner.Value("");
    return scanner.TakePlaces();
}

} // namespace nattlab::scenario
