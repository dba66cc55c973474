Feature: sort

  Scenario: versions in any order
    Given the versions "1.10.0", "1.2.0" and "1.10.0-rc.1"
    When "sort" is asked
    Then the order is "1.2.0", "1.10.0-rc.1", "1.10.0"
