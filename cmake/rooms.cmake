# SPDX-License-Identifier: GPL-2.0-only
#
# A room is a folder of sources with the tests that mirror it: model/ike and test/model/ike. Each
# becomes an object library room-ike and a test program test-ike that links that room and the rooms
# it uses, and no other: a room that reaches upwards does not link.

# nattlab_room(FOLDER [USES FOLDER...] [LIBRARIES LIBRARY...] [DEFINITIONS NAME=VALUE...])
function(nattlab_room folder)
  cmake_parse_arguments(ROOM "" "" "USES;LIBRARIES;DEFINITIONS" ${ARGN})
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
    target_compile_definitions(room-${name} PRIVATE ${ROOM_DEFINITIONS})
    list(APPEND objects $<TARGET_OBJECTS:room-${name}>)
    set_property(GLOBAL APPEND PROPERTY NATTLAB_OBJECTS $<TARGET_OBJECTS:room-${name}>)
  endif()
  list(REMOVE_DUPLICATES objects)
  list(REMOVE_DUPLICATES libraries)
  set_property(GLOBAL PROPERTY ROOM_OBJECTS_${name} "${objects}")
  set_property(GLOBAL PROPERTY ROOM_LIBRARIES_${name} "${libraries}")
  set_property(GLOBAL APPEND PROPERTY NATTLAB_LIBRARIES ${libraries})
  nattlab_gtest(${name} test/${folder} SOURCES ${objects} LIBRARIES ${libraries})
endfunction()

# The library of all rooms.
function(nattlab_library)
  get_property(objects GLOBAL PROPERTY NATTLAB_OBJECTS)
  get_property(libraries GLOBAL PROPERTY NATTLAB_LIBRARIES)
  list(REMOVE_DUPLICATES libraries)
  add_library(nattlab STATIC ${objects})
  target_include_directories(nattlab PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(nattlab PUBLIC ${libraries})
endfunction()

# What the programs allocate with. A negotiation is thousands of small pieces of memory that live
# briefly: doc/performance.md compares allocators. Sanitizers bring one of their own.
function(nattlab_allocator program)
  find_library(tcmalloc_LIBRARY NAMES tcmalloc_minimal)
  if(tcmalloc_LIBRARY AND NOT NATTLAB_SANITIZE)
    target_link_libraries(${program} PRIVATE ${tcmalloc_LIBRARY})
  endif()
endfunction()

# The command, as nattlab at the top of the build folder.
function(nattlab_command)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/cli/*.cc)
  if(sources)
    add_executable(nattlab-cli ${sources})
    set_target_properties(nattlab-cli PROPERTIES OUTPUT_NAME nattlab)
    target_link_libraries(nattlab-cli PRIVATE nattlab-flags nattlab)
    nattlab_allocator(nattlab-cli)
  endif()
endfunction()

# Each file of examples/ is a program, and a test that it ends well.
function(nattlab_examples)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/examples/*.cc)
  foreach(source IN LISTS sources)
    get_filename_component(name ${source} NAME_WE)
    add_executable(${name} ${source})
    set_target_properties(${name} PROPERTIES
                          RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/examples)
    target_link_libraries(${name} PRIVATE nattlab-flags nattlab)
    add_test(NAME example.${name} COMMAND ${name}
             WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}) # where their scenarios are
  endforeach()
endfunction()

# Each file of bench/ is a program of the build folder's bench/. Their figures are for people; what
# ctest runs, with the smallest work, shows that they still run.
function(nattlab_benches)
  find_package(benchmark QUIET)
  find_library(ns3_point-to-point_LIBRARY NAMES ns3-point-to-point)
  if(NOT benchmark_FOUND OR NOT ns3_point-to-point_LIBRARY)
    message(STATUS "bench/ is left out: it needs Google Benchmark and ns-3's point-to-point module")
    return()
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/bench/*.cc)
  foreach(source IN LISTS sources)
    get_filename_component(name ${source} NAME_WE)
    add_executable(bench-${name} ${source})
    set_target_properties(bench-${name} PROPERTIES OUTPUT_NAME ${name}
                          RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bench)
    target_compile_definitions(bench-${name} PRIVATE NATTLAB_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    target_link_libraries(bench-${name} PRIVATE nattlab-flags nattlab benchmark::benchmark
                          ${ns3_point-to-point_LIBRARY})
    nattlab_allocator(bench-${name})
    file(STRINGS ${source} uses_benchmark REGEX "benchmark/benchmark.h")
    set(smallest --smallest)
    if(uses_benchmark)
      set(smallest --benchmark_min_time=0.001)
    endif()
    add_test(NAME bench.${name} COMMAND bench-${name} ${smallest})
    set_tests_properties(bench.${name} PROPERTIES LABELS bench TIMEOUT 300)
  endforeach()
endfunction()
