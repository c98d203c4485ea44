// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_TEST_SCENARIO_TEXT_H
#define NATTLAB_TEST_SCENARIO_TEXT_H

#include "helper/scenario/scenario.h"

#include <string>

namespace nattlab::test
{

/** \return every member of a built scenario, one a line, the document aside. */
std::string TextOf(const scenario::Scenario& scenario);

} // namespace nattlab::test

#endif
