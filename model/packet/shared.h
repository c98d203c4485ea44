// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_PACKET_SHARED_H
#define NATTLAB_PACKET_SHARED_H

#include <memory>
#include <utility>

namespace nattlab
{

/**
 * A value that its copies share until one of them is changed: a copy costs a count. Thousands of
 * hosts of one system have one configuration so.
 *
 * \tparam Value copyable, and made without arguments
 */
template <typename Value>
class Shared
{
  public:
    /** A value as Value() makes it. */
    Shared()
        : m_value(Usual())
    {
    }

    Shared(Value value)
        : m_value(std::make_shared<Value>(std::move(value)))
    {
    }

    const Value& operator*() const
    {
        return *m_value;
    }

    const Value* operator->() const
    {
        return m_value.get();
    }

    /** \return the value, to be changed: from now on it is this object's own. */
    Value& Edit()
    {
        if (m_value.use_count() != 1)
        {
            m_value = std::make_shared<Value>(*m_value);
        }
        return *m_value;
    }

    /** \return the value as it is now; it outlives this object and its changes. */
    std::shared_ptr<const Value> Pointer() const
    {
        return m_value;
    }

  private:
    static const std::shared_ptr<Value>& Usual()
    {
        static const auto value = std::make_shared<Value>();
        return value;
    }

    std::shared_ptr<Value> m_value;
};

} // namespace nattlab

#endif
