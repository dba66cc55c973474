Feature: {{op}} of {{key}}

  Scenario: the example request gives the example response
    Given the request in examples/{{op}}_request.json
    When the operation "{{op}}" runs
    Then the response is the one in examples/{{op}}_response.json
