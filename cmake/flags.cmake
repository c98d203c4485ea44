# SPDX-License-Identifier: GPL-2.0-only
#
# How our own code is compiled: nattlab-flags is linked by every target of this tree.

option(NATTLAB_WERROR "Treat warnings as errors" ON)
set(NATTLAB_SANITIZE "" CACHE STRING "Sanitizers, as g++ names them: address,undefined")
option(NATTLAB_COVERAGE "Count the lines that the tests run" OFF)

add_library(nattlab-flags INTERFACE)
target_include_directories(nattlab-flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(nattlab-flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow
                       -Wnon-virtual-dtor -Woverloaded-virtual)
if(NATTLAB_WERROR)
  target_compile_options(nattlab-flags INTERFACE -Werror)
endif()
if(NATTLAB_SANITIZE)
  target_compile_options(nattlab-flags INTERFACE -fsanitize=${NATTLAB_SANITIZE}
                         -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(nattlab-flags INTERFACE -fsanitize=${NATTLAB_SANITIZE})
endif()
if(NATTLAB_COVERAGE)
  target_compile_options(nattlab-flags INTERFACE --coverage -fprofile-update=atomic)
  target_link_options(nattlab-flags INTERFACE --coverage)
  find_program(GCOVR gcovr)
  if(GCOVR)
    # cmake --build --preset coverage, then the same with --target coverage
    add_custom_target(coverage
                      COMMAND ${CMAKE_CTEST_COMMAND} --output-on-failure -LE build
                      COMMAND ${GCOVR} --root ${PROJECT_SOURCE_DIR}
                              --filter "${PROJECT_SOURCE_DIR}/(model|helper|cli)/" --print-summary
                              --html-details coverage.html
                      WORKING_DIRECTORY ${PROJECT_BINARY_DIR} USES_TERMINAL VERBATIM)
  endif()
endif()

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
