Feature: select

  Scenario: the highest of those that a range allows
    Given the range ">=1.2, <2" and the versions "1.2.0", "2.0.0" and "1.10.0"
    When "select" is asked
    Then the version is "1.10.0"

  Scenario: a range that allows none
    Given the range "^3" and the version "1.0.0"
    When "select" is asked
    Then there is no version
