# SPDX-License-Identifier: GPL-2.0-only
"""The build by waf: library, command, examples and tests, from the same folders as CMake's.

    ./waf configure build

makes them in build/waf-build. CMake (./nattlab, ./check) is the build that also runs the tests.
"""

import os

APPNAME = 'nattlab'
VERSION = '0.1.0'
top = '.'
out = 'build/waf-build'

NS3_MODULES = ['core', 'network', 'internet', 'internet-apps', 'applications', 'virtual-net-device']

# As CMake's and in the same order, so that ccache finds what that build has compiled; so -MD as
# well, though waf looks for the included files itself.
OPTIMISED = ['-MD', '-O2', '-g1', '-DNDEBUG']
FLAGS = ['-Wall', '-Wextra', '-Wpedantic', '-Wshadow', '-Wnon-virtual-dtor',
         '-Woverloaded-virtual', '-Werror', '-std=c++17']


def options(opt):
    opt.load('compiler_cxx')


def configure(conf):
    conf.find_program(os.environ.get('CXX', 'c++'), var='CXX')
    conf.load('compiler_cxx')
    if conf.find_program('ccache', mandatory=False):
        conf.env.CXX = conf.env.CCACHE + conf.env.CXX
    conf.env.append_value('CXXFLAGS', OPTIMISED)
    conf.env.append_value('INCLUDES', [conf.path.abspath()])

    conf.check_cxx(lib='cryptopp', header_name='cryptopp/integer.h', uselib_store='CRYPTOPP')
    conf.check_cxx(lib='gnutls', header_name='gnutls/x509.h', uselib_store='GNUTLS')
    conf.check_cxx(lib=['SQLiteCpp', 'sqlite3', 'pthread', 'dl'],
                   header_name='SQLiteCpp/SQLiteCpp.h', uselib_store='SQLITE')
    # Debian's pkg-config files name libraries that libns3-dev does not depend on: plain -l names.
    for module in NS3_MODULES:
        conf.check_cxx(lib='ns3-' + module, uselib_store='NS3', msg='Checking for ns-3 ' + module)
    # Debian's libraries are compiled with logging; without this some classes differ in layout.
    conf.env.append_value('DEFINES_NS3', ['NS3_LOG_ENABLE'])
    for library in ['gmock_main', 'gmock', 'gtest']:
        conf.check_cxx(lib=library, uselib_store='GTEST', mandatory=False)


def build(bld):
    definitions = ['NATTLAB_SOURCE_DIR="%s"' % bld.path.abspath(),
                   'NATTLAB_COMMAND="%s"' % bld.bldnode.make_node('nattlab').abspath()]
    bld.stlib(target='nattlab', source=bld.path.ant_glob('model/*/*.cc helper/*/*.cc'),
              defines=definitions, cxxflags=FLAGS, use='NS3 CRYPTOPP GNUTLS SQLITE')

    commands = bld.path.ant_glob('cli/*.cc')
    if commands:
        bld.program(target='nattlab', name='command', source=commands, cxxflags=FLAGS,
                    use='nattlab NS3 CRYPTOPP GNUTLS SQLITE')
    for example in bld.path.ant_glob('examples/*.cc'):
        name = example.name[:-len('.cc')]
        bld.program(target='examples/' + name, source=[example], cxxflags=FLAGS,
                    use='nattlab NS3 CRYPTOPP GNUTLS SQLITE')

    if not bld.env.LIB_GTEST:
        return
    for folder in bld.path.ant_glob('test/* test/model/* test/helper/*', dir=True, src=False):
        tests = folder.ant_glob('*.cc')
        if tests:
            bld.program(target='test/test-' + folder.name, source=tests, defines=definitions,
                        cxxflags=['-O0'] + FLAGS, use='nattlab NS3 CRYPTOPP GNUTLS SQLITE GTEST')
