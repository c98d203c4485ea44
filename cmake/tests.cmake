# SPDX-License-Identifier: GPL-2.0-only
#
# Tests: one entry of ctest for each GoogleTest test, and one for each shell script.

include(GoogleTest)
include(ProcessorCount)

# nattlab_gtest(NAME FOLDER [SOURCES FILE...] [LIBRARIES LIBRARY...]): the program test-NAME.
function(nattlab_gtest name folder)
  cmake_parse_arguments(TESTED "" "" "SOURCES;LIBRARIES" ${ARGN})
  file(GLOB tests CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cc)
  if(NOT tests OR NOT GTest_FOUND)
    return()
  endif()
  add_executable(test-${name} ${tests} ${TESTED_SOURCES})
  target_link_libraries(test-${name} PRIVATE nattlab-flags ${TESTED_LIBRARIES} GTest::gmock_main)
  # What is tested is optimised; the tests themselves compile faster without.
  target_compile_options(test-${name} PRIVATE $<$<CONFIG:RelWithDebInfo>:-O0>)
  target_compile_definitions(test-${name} PRIVATE NATTLAB_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  set_target_properties(test-${name} PROPERTIES
                        RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/test)
  gtest_discover_tests(test-${name} TEST_PREFIX "${name}." DISCOVERY_MODE PRE_TEST
                       PROPERTIES TIMEOUT 300)
endfunction()

# The folders of test/ that mirror no room test the finished library and command: test/cli becomes
# the program test-cli, which finds the command at NATTLAB_COMMAND, and test/cli/*-test.sh are tests.
function(nattlab_tests_of_the_whole)
  file(GLOB folders CONFIGURE_DEPENDS LIST_DIRECTORIES true ${PROJECT_SOURCE_DIR}/test/*)
  foreach(folder IN LISTS folders)
    get_filename_component(name ${folder} NAME)
    if(NOT IS_DIRECTORY ${folder} OR name MATCHES "^(model|helper)$")
      continue()
    endif()
    nattlab_gtest(${name} test/${name} LIBRARIES nattlab)
    if(TARGET test-${name} AND TARGET nattlab-cli)
      add_dependencies(test-${name} nattlab-cli)
      target_compile_definitions(test-${name} PRIVATE
                                 NATTLAB_COMMAND="$<TARGET_FILE:nattlab-cli>")
    endif()
    nattlab_script_tests(${name})
  endforeach()
endfunction()

# Each script NAME-test.sh is run in an empty folder of its own, with the tree as $1 and the build as
# $2. Exit status 77 says that the machine lacks what the test needs. Scripts that build the tree
# once more have the machine to themselves and come first.
function(nattlab_script_tests name)
  ProcessorCount(processors)
  file(GLOB scripts CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/test/${name}/*-test.sh)
  foreach(script IN LISTS scripts)
    get_filename_component(test ${script} NAME_WE)
    string(REGEX REPLACE "-test$" "" test ${test})
    add_test(NAME ${name}.${test}
             COMMAND bash -c [=[rm -rf "$1" && mkdir -p "$1" && cd "$1" && exec bash "${@:2}"]=] -
                     ${PROJECT_BINARY_DIR}/test/${name}/${test} ${script} ${PROJECT_SOURCE_DIR}
                     ${PROJECT_BINARY_DIR})
    set_tests_properties(${name}.${test} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300 LABELS ${name})
    if(test MATCHES "^(waf|contrib)$")
      set_tests_properties(${name}.${test} PROPERTIES TIMEOUT 3000 COST 1000 PROCESSORS ${processors})
    endif()
  endforeach()
endfunction()
