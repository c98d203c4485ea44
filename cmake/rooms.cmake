# SPDX-License-Identifier: GPL-2.0-only
#
# A room is a folder of sources with the tests that mirror it: model/ike and test/model/ike. Each
# becomes an object library room-ike and a test program test-ike that links that room and the rooms
# it uses, and no other: a room that reaches upwards does not link.

set(NATTLAB_ROOMS "" CACHE INTERNAL "")

add_library(nattlab-flags INTERFACE)
target_compile_options(nattlab-flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow
                       -Wnon-virtual-dtor -Woverloaded-virtual)
option(NATTLAB_WERROR "Treat warnings as errors" ON)
if(NATTLAB_WERROR)
  target_compile_options(nattlab-flags INTERFACE -Werror)
endif()
target_include_directories(nattlab-flags INTERFACE ${PROJECT_SOURCE_DIR})

# nattlab_room(FOLDER [USES FOLDER...] [LIBRARIES LIBRARY...])
function(nattlab_room folder)
  cmake_parse_arguments(ROOM "" "" "USES;LIBRARIES" ${ARGN})
  get_filename_component(name ${folder} NAME)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cc)
  set(objects "")
  set(libraries ${ROOM_LIBRARIES})
  foreach(used IN LISTS ROOM_USES)
    get_filename_component(used_name ${used} NAME)
    get_property(used_objects GLOBAL PROPERTY ROOM_OBJECTS_${used_name})
    get_property(used_libraries GLOBAL PROPERTY ROOM_LIBRARIES_${used_name})
    list(APPEND objects ${used_objects})
    list(APPEND libraries ${used_libraries})
  endforeach()
  if(sources)
    add_library(room-${name} OBJECT ${sources})
    target_link_libraries(room-${name} PRIVATE nattlab-flags ${libraries})
    list(APPEND objects $<TARGET_OBJECTS:room-${name}>)
    set_property(GLOBAL APPEND PROPERTY NATTLAB_ROOM_TARGETS room-${name})
  endif()
  list(REMOVE_DUPLICATES objects)
  list(REMOVE_DUPLICATES libraries)
  set_property(GLOBAL PROPERTY ROOM_OBJECTS_${name} "${objects}")
  set_property(GLOBAL PROPERTY ROOM_LIBRARIES_${name} "${libraries}")
  set_property(GLOBAL APPEND PROPERTY NATTLAB_ALL_LIBRARIES ${libraries})

  file(GLOB tests CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/test/${folder}/*.cc)
  if(tests)
    add_executable(test-${name} ${tests} ${objects})
    target_link_libraries(test-${name} PRIVATE nattlab-flags ${libraries} GTest::gmock_main)
    target_compile_definitions(test-${name} PRIVATE
                               NATTLAB_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    set_target_properties(test-${name} PROPERTIES
                          RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/test)
    gtest_discover_tests(test-${name} TEST_PREFIX "${name}." DISCOVERY_MODE PRE_TEST
                         PROPERTIES TIMEOUT 300)
  endif()
endfunction()

# The library of all rooms, and the command on top of it.
function(nattlab_finish)
  get_property(rooms GLOBAL PROPERTY NATTLAB_ROOM_TARGETS)
  get_property(libraries GLOBAL PROPERTY NATTLAB_ALL_LIBRARIES)
  list(REMOVE_DUPLICATES libraries)
  set(objects "")
  foreach(room IN LISTS rooms)
    list(APPEND objects $<TARGET_OBJECTS:${room}>)
  endforeach()
  add_library(nattlab STATIC ${objects})
  target_include_directories(nattlab PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(nattlab PUBLIC ${libraries})

  file(GLOB cli CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/cli/*.cc)
  if(cli)
    add_executable(nattlab-cli ${cli})
    set_target_properties(nattlab-cli PROPERTIES OUTPUT_NAME nattlab)
    target_link_libraries(nattlab-cli PRIVATE nattlab-flags nattlab)
  endif()
  file(GLOB examples CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/examples/*.cc)
  foreach(example IN LISTS examples)
    get_filename_component(name ${example} NAME_WE)
    add_executable(${name} ${example})
    set_target_properties(${name} PROPERTIES
                          RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/examples)
    target_link_libraries(${name} PRIVATE nattlab-flags nattlab)
  endforeach()
endfunction()
