"""IATI files written for these tests: every organisation, project and number in them is invented.

``OLD`` says in version 1.05 what ``NEW`` says in 2.03, so both must give the same tables. ``WHOLE`` has what only 2.0x
has. The mail address and the name in ``WHOLE`` are there to be looked for in what comes out.
"""

OLD = """<?xml version="1.0" encoding="UTF-8"?>
<iati-activities version="1.05" generated-datetime="2014-01-01T00:00:00">
  <iati-activity xml:lang="en" default-currency="EUR" hierarchy="2">
    <reporting-org ref="XM-TEST" type="40">Invented Agency of Tests</reporting-org>
    <iati-identifier>XM-TEST-OLD-1</iati-identifier>
    <other-identifier owner-ref="XM-TEST" owner-name="Invented Agency of Tests">T/1</other-identifier>
    <activity-website>https://example.org/old</activity-website>
    <title>Gold of the artisanal miners</title>
    <title xml:lang="fr">L'or des orpailleurs</title>
    <description type="1" xml:lang="en">Training at three sites.</description>
    <description type="1" xml:lang="fr">Formation sur trois sites.</description>
    <activity-status code="2">Implementation</activity-status>
    <activity-date type="start-planned" iso-date="2012-01-01"/>
    <activity-date type="start-actual">2012-02-01</activity-date>
    <activity-date type="end-planned" iso-date="2014-12-31">31 December 2014</activity-date>
    <contact-info><person-name>Nobody Invented</person-name><email>nobody@example.org</email></contact-info>
    <participating-org role="Funding" ref="XM-FUND" type="60">Invented Fund</participating-org>
    <participating-org role="Implementing" type="22">Invented NGO</participating-org>
    <participating-org role="accountable" ref="XM-TEST" type="40">Invented Agency of Tests</participating-org>
    <recipient-country code="CD" percentage="100">Congo</recipient-country>
    <recipient-region code="289">South of Sahara, regional</recipient-region>
    <location>
      <location-type code="PPL">populated place</location-type>
      <name>Invented Hill</name>
      <administrative country="CD">Nowhere</administrative>
      <coordinates latitude="-1.5" longitude="28.5" precision="1"/>
      <gazetteer-entry gazetteer-ref="GEO">204336</gazetteer-entry>
    </location>
    <location>
      <name xml:lang="fr">Plaine inventée</name>
      <coordinates latitude="-2.5" longitude="28.0" precision="3"/>
    </location>
    <sector code="32265" vocabulary="DAC" percentage="60">Gold</sector>
    <sector code="160" vocabulary="DAC-3" percentage="40"/>
    <sector code="G1" vocabulary="RO">Gold in our own words</sector>
    <policy-marker code="1" significance="2" vocabulary="DAC">Gender</policy-marker>
    <default-flow-type code="10">ODA</default-flow-type>
    <related-activity type="1" ref="XM-TEST-OLD-0">Invented programme</related-activity>
    <budget type="2">
      <period-start iso-date="2013-01-01"/>
      <period-end iso-date="2013-12-31"/>
      <value value-date="2013-01-01">5000</value>
    </budget>
    <planned-disbursement updated="2012-12-01">
      <period-start iso-date="2014-01-01"/>
      <period-end iso-date="2014-06-30"/>
      <value currency="USD" value-date="2014-01-01">700</value>
    </planned-disbursement>
    <transaction ref="T-1">
      <transaction-type code="IF">Incoming Funds</transaction-type>
      <provider-org ref="XM-FUND" provider-activity-id="XM-FUND-9">Invented Fund</provider-org>
      <receiver-org>Invented NGO</receiver-org>
      <value value-date="2012-03-01">1000</value>
      <description>First instalment</description>
      <transaction-date iso-date="2012-03-01"/>
      <flow-type code="10">ODA</flow-type>
    </transaction>
    <transaction>
      <transaction-type code="D"/>
      <receiver-org ref="XM-NOBODY" type="24"/>
      <value value-date="2012-04-01">250.5</value>
      <transaction-date iso-date="2012-04-01"/>
    </transaction>
    <transaction>
      <transaction-type code="QS"/>
      <value value-date="2012-05-01">3</value>
      <transaction-date>2012-05-01</transaction-date>
    </transaction>
    <document-link url="https://example.org/review.pdf" format="application/pdf" language="fr">
      <title xml:lang="fr">Évaluation inventée</title>
      <title xml:lang="en">Invented review</title>
      <category code="A07">Review</category>
    </document-link>
    <conditions attached="1"><condition type="1">Mercury is given up</condition></conditions>
    <result type="1" aggregation-status="true">
      <title>Miners trained</title>
      <title xml:lang="fr">Mineurs formés</title>
      <description>At three sites</description>
      <indicator measure="1" ascending="1">
        <title>Number of miners trained</title>
        <baseline year="2011" value="0"><comment>Nobody before</comment></baseline>
        <period>
          <period-start iso-date="2012-01-01"/>
          <period-end iso-date="2012-12-31"/>
          <target value="300"/>
          <actual value="120"><comment>Rains came early</comment></actual>
        </period>
      </indicator>
    </result>
    <crs-add><aid-type-flag code="1" significance="1"/></crs-add>
    <legacy-data name="Project Status" value="7" iati-equivalent="activity-status"/>
  </iati-activity>
  <iati-activity xml:lang="fr">
    <iati-identifier>XM-TEST-OLD-2</iati-identifier>
    <title>Pêche artisanale</title>
    <sector code="31320" vocabulary="DAC"/>
  </iati-activity>
</iati-activities>
"""

NEW = """<?xml version="1.0" encoding="UTF-8"?>
<iati-activities version="2.03" generated-datetime="2014-01-01T00:00:00">
  <iati-activity xml:lang="en" default-currency="EUR" hierarchy="2">
    <iati-identifier>XM-TEST-OLD-1</iati-identifier>
    <reporting-org ref="XM-TEST" type="40"><narrative>Invented Agency of Tests</narrative></reporting-org>
    <title>
      <narrative>Gold of the artisanal miners</narrative>
      <narrative xml:lang="fr">L'or des orpailleurs</narrative>
    </title>
    <description type="1">
      <narrative xml:lang="en">Training at three sites.</narrative>
      <narrative xml:lang="fr">Formation sur trois sites.</narrative>
    </description>
    <participating-org role="1" ref="XM-FUND" type="60"><narrative>Invented Fund</narrative></participating-org>
    <participating-org role="4" type="22"><narrative>Invented NGO</narrative></participating-org>
    <participating-org role="2" ref="XM-TEST" type="40">
      <narrative>Invented Agency of Tests</narrative>
    </participating-org>
    <other-identifier ref="T/1" type="A1"/>
    <activity-status code="2"/>
    <activity-date type="1" iso-date="2012-01-01"/>
    <activity-date type="2" iso-date="2012-02-01"/>
    <activity-date type="3" iso-date="2014-12-31"><narrative>31 December 2014</narrative></activity-date>
    <recipient-country code="CD" percentage="100"/>
    <recipient-region code="289"/>
    <location>
      <location-id vocabulary="G1" code="204336"/>
      <name><narrative>Invented Hill</narrative></name>
      <administrative vocabulary="A4" level="0" code="CD"/>
      <point><pos>-1.5 28.5</pos></point>
      <exactness code="1"/>
      <feature-designation code="PPL"/>
    </location>
    <location>
      <name><narrative xml:lang="fr">Plaine inventée</narrative></name>
      <point><pos>-2.5 28.0</pos></point>
      <exactness code="2"/>
    </location>
    <sector code="32265" percentage="60"/>
    <sector code="160" vocabulary="2" percentage="40"/>
    <sector code="G1" vocabulary="99"><narrative>Gold in our own words</narrative></sector>
    <policy-marker code="1" significance="2" vocabulary="1"/>
    <default-flow-type code="10"/>
    <budget type="2">
      <period-start iso-date="2013-01-01"/>
      <period-end iso-date="2013-12-31"/>
      <value value-date="2013-01-01">5000</value>
    </budget>
    <planned-disbursement>
      <period-start iso-date="2014-01-01"/>
      <period-end iso-date="2014-06-30"/>
      <value currency="USD" value-date="2014-01-01">700</value>
    </planned-disbursement>
    <transaction ref="T-1">
      <transaction-type code="1"/>
      <transaction-date iso-date="2012-03-01"/>
      <value value-date="2012-03-01">1000</value>
      <description><narrative>First instalment</narrative></description>
      <provider-org ref="XM-FUND" provider-activity-id="XM-FUND-9"><narrative>Invented Fund</narrative></provider-org>
      <receiver-org><narrative>Invented NGO</narrative></receiver-org>
      <flow-type code="10"/>
    </transaction>
    <transaction>
      <transaction-type code="3"/>
      <transaction-date iso-date="2012-04-01"/>
      <value value-date="2012-04-01">250.5</value>
      <receiver-org ref="XM-NOBODY" type="24"/>
    </transaction>
    <transaction>
      <transaction-type code="9"/>
      <transaction-date iso-date="2012-05-01"/>
      <value value-date="2012-05-01">3</value>
    </transaction>
    <document-link url="https://example.org/review.pdf" format="application/pdf">
      <title>
        <narrative xml:lang="fr">Évaluation inventée</narrative>
        <narrative xml:lang="en">Invented review</narrative>
      </title>
      <category code="A07"/>
      <language code="fr"/>
    </document-link>
    <document-link url="https://example.org/old"><category code="A12"/></document-link>
    <related-activity type="1" ref="XM-TEST-OLD-0"/>
    <legacy-data name="Project Status" value="7" iati-equivalent="activity-status"/>
    <conditions attached="1">
      <condition type="1"><narrative>Mercury is given up</narrative></condition>
    </conditions>
    <result type="1" aggregation-status="true">
      <title>
        <narrative>Miners trained</narrative>
        <narrative xml:lang="fr">Mineurs formés</narrative>
      </title>
      <description><narrative>At three sites</narrative></description>
      <indicator measure="1" ascending="1">
        <title><narrative>Number of miners trained</narrative></title>
        <baseline year="2011" value="0"><comment><narrative>Nobody before</narrative></comment></baseline>
        <period>
          <period-start iso-date="2012-01-01"/>
          <period-end iso-date="2012-12-31"/>
          <target value="300"/>
          <actual value="120"><comment><narrative>Rains came early</narrative></comment></actual>
        </period>
      </indicator>
    </result>
    <crs-add><other-flags code="1" significance="1"/></crs-add>
  </iati-activity>
  <iati-activity xml:lang="fr">
    <iati-identifier>XM-TEST-OLD-2</iati-identifier>
    <title><narrative>Pêche artisanale</narrative></title>
    <sector code="31320"/>
  </iati-activity>
</iati-activities>
"""

WHOLE = """<?xml version="1.0" encoding="UTF-8"?>
<iati-activities version="2.03">
  <iati-activity xml:lang="en" default-currency="USD" humanitarian="0" hierarchy="1"
      last-updated-datetime="2021-01-01T00:00:00" budget-not-provided="1" linked-data-uri="https://example.org/id/1">
    <iati-identifier>XM-TEST-1</iati-identifier>
    <reporting-org ref="XM-TEST" type="40" secondary-reporter="1">
      <narrative xml:lang="en">Invented Agency of Tests</narrative>
      <narrative xml:lang="fr">Agence inventée des essais</narrative>
    </reporting-org>
    <title>
      <narrative xml:lang="en">Mercury-free gold of artisanal miners</narrative>
      <narrative xml:lang="fr">L'or sans mercure</narrative>
      <narrative xml:lang="es">Oro sin mercurio</narrative>
      <narrative xml:lang="pt-BR">Ouro sem mercúrio</narrative>
      <narrative xml:lang="sw">Dhahabu bila zebaki</narrative>
    </title>
    <description type="1"><narrative xml:lang="en">What it is.</narrative></description>
    <description type="2"><narrative xml:lang="en">What it is for.</narrative></description>
    <participating-org role="4" ref="XM-NGO" type="22" activity-id="XM-NGO-77" crs-channel-code="20000">
      <narrative>Invented NGO</narrative>
    </participating-org>
    <activity-status code="2"/>
    <activity-date type="2" iso-date="2019-02-01"/>
    <activity-date type="4" iso-date="2020-12-31"/>
    <contact-info type="1">
      <organisation><narrative>Invented Agency of Tests</narrative></organisation>
      <person-name><narrative>Nobody Invented</narrative></person-name>
      <telephone>000</telephone>
      <email>nobody@example.org</email>
    </contact-info>
    <activity-scope code="4"/>
    <recipient-country code="CD"/>
    <location ref="L1">
      <location-reach code="1"/>
      <location-id vocabulary="G1" code="204336"/>
      <name><narrative xml:lang="fr">Colline inventée</narrative></name>
      <description><narrative>A hill</narrative></description>
      <activity-description><narrative>Training on it</narrative></activity-description>
      <administrative vocabulary="G1" level="1" code="206938"/>
      <administrative vocabulary="A1" level="2" code="25"/>
      <point><pos>-1.4 28.0</pos></point>
      <exactness code="2"/>
      <location-class code="2"/>
      <feature-designation code="PPL"/>
    </location>
    <sector code="32265"/>
    <tag code="12" vocabulary="2" vocabulary-uri="https://example.org/goals">
      <narrative>Responsible consumption</narrative>
    </tag>
    <country-budget-items vocabulary="1">
      <budget-item code="1.1.1" percentage="100"><description><narrative>Mines</narrative></description></budget-item>
    </country-budget-items>
    <humanitarian-scope type="1" vocabulary="1-2" code="EQ-2015"><narrative>A quake</narrative></humanitarian-scope>
    <policy-marker code="1" significance="1"/>
    <policy-marker code="2" vocabulary="1" significance="0"/>
    <policy-marker code="2" vocabulary="99" significance="2"/>
    <collaboration-type code="1"/>
    <default-flow-type code="10"/>
    <default-finance-type code="110"/>
    <default-aid-type code="C01"/>
    <default-aid-type code="2" vocabulary="2"/>
    <default-tied-status code="5"/>
    <budget status="2">
      <period-start iso-date="2019-01-01"/>
      <period-end iso-date="2019-12-31"/>
      <value value-date="2019-01-01">90000</value>
    </budget>
    <planned-disbursement type="1">
      <period-start iso-date="2020-01-01"/>
      <value currency="EUR" value-date="2020-01-01">1200</value>
      <provider-org ref="XM-TEST" provider-activity-id="XM-TEST-1"><narrative>Agency</narrative></provider-org>
      <receiver-org ref="XM-NGO" receiver-activity-id="XM-NGO-77"><narrative>Invented NGO</narrative></receiver-org>
    </planned-disbursement>
    <capital-spend percentage="12.5"/>
    <transaction ref="T9" humanitarian="0">
      <transaction-type code="3"/>
      <transaction-date iso-date="2019-03-01"/>
      <value value-date="2019-03-01">100.5</value>
      <description><narrative>Paid</narrative></description>
      <provider-org ref="XM-TEST" provider-activity-id="XM-TEST-1"/>
      <receiver-org ref="XM-NGO" receiver-activity-id="XM-NGO-77"><narrative>Invented NGO</narrative></receiver-org>
      <disbursement-channel code="1"/>
      <sector code="32210"/>
      <recipient-country code="CD"/>
      <recipient-region code="289"/>
      <flow-type code="10"/>
      <finance-type code="110"/>
      <aid-type code="C01"/>
      <tied-status code="5"/>
    </transaction>
    <document-link url="https://example.org/review" format="text/html">
      <title><narrative xml:lang="pt">Avaliação inventada</narrative></title>
      <description><narrative>Forty pages</narrative></description>
      <category code="A07"/>
      <category code="A08"/>
      <language code="pt"/>
      <document-date iso-date="2020-05-01"/>
    </document-link>
    <document-link url="https://example.org/tender" format="text/html">
      <title><narrative>Tender</narrative></title>
      <category code="A10"/>
    </document-link>
    <related-activity ref="XM-TEST-0" type="1"/>
    <related-activity ref="XM-TEST-2" type="2"/>
    <related-activity ref="XM-OTHER-5" type="4"/>
    <result type="2">
      <title><narrative xml:lang="es">Menos mercurio</narrative></title>
      <description><narrative xml:lang="es">En tres lugares</narrative></description>
      <document-link url="https://example.org/result" format="text/html">
        <title><narrative>Result in full</narrative></title>
        <category code="A08"/>
      </document-link>
      <reference vocabulary="99" code="R1"/>
      <indicator measure="1" ascending="0" aggregation-status="1">
        <title><narrative xml:lang="fr">Mineurs formés</narrative></title>
        <description><narrative>Whoever came to the end</narrative></description>
        <reference vocabulary="1" code="I1"/>
        <baseline iso-date="2018-12-31" value="5">
          <dimension name="Sex" value="Female"/>
          <comment><narrative>Counted twice</narrative></comment>
        </baseline>
        <period>
          <period-start iso-date="2019-01-01"/>
          <period-end iso-date="2019-12-31"/>
          <target value="50"><location ref="L1"/></target>
          <actual value="20"><dimension name="age" value="under 30"/></actual>
        </period>
        <period>
          <period-start iso-date="2020-01-01"/>
          <period-end iso-date="2020-12-31"/>
          <actual value="30"/>
        </period>
      </indicator>
      <indicator measure="5">
        <title><narrative>What miners say</narrative></title>
        <period>
          <period-start iso-date="2019-01-01"/>
          <period-end iso-date="2019-12-31"/>
          <actual><comment><narrative>Most would go on</narrative></comment></actual>
        </period>
      </indicator>
    </result>
    <crs-add><other-flags code="1" significance="1"/><channel-code>20000</channel-code></crs-add>
  </iati-activity>
  <iati-activity>
    <iati-identifier>XM-TEST-2</iati-identifier>
    <reporting-org ref="XM-TEST" type="40"><narrative>Agency</narrative></reporting-org>
    <title><narrative>Orpaillage</narrative></title>
    <activity-status code="2"/>
    <related-activity ref="XM-TEST-1" type="1"/>
  </iati-activity>
</iati-activities>
"""

ORGANISATIONS = """<?xml version="1.0" encoding="UTF-8"?>
<iati-organisations version="2.03">
  <iati-organisation default-currency="EUR" xml:lang="en">
    <organisation-identifier>XM-TEST</organisation-identifier>
    <name>
      <narrative>Invented Agency of Tests</narrative>
      <narrative xml:lang="fr">Agence inventée des essais</narrative>
    </name>
    <reporting-org ref="XM-TEST" type="40"><narrative>Invented Agency of Tests</narrative></reporting-org>
    <total-budget status="1">
      <period-start iso-date="2020-01-01"/>
      <period-end iso-date="2020-12-31"/>
      <value value-date="2020-01-01">1000000</value>
      <budget-line ref="B1"><value value-date="2020-01-01">400000</value><narrative>Mines</narrative></budget-line>
    </total-budget>
    <recipient-org-budget>
      <recipient-org ref="XM-NGO"><narrative>Invented NGO</narrative></recipient-org>
      <period-start iso-date="2020-01-01"/>
      <period-end iso-date="2020-12-31"/>
      <value currency="USD" value-date="2020-01-01">30000</value>
    </recipient-org-budget>
    <recipient-org-budget>
      <recipient-org ref="XM-NOBODY"/>
      <period-start iso-date="2020-01-01"/>
      <period-end iso-date="2020-12-31"/>
      <value value-date="2020-01-01">8000</value>
    </recipient-org-budget>
    <recipient-region-budget>
      <recipient-region vocabulary="1" code="289"/>
      <period-start iso-date="2020-01-01"/>
      <period-end iso-date="2020-12-31"/>
      <value value-date="2020-01-01">70000</value>
    </recipient-region-budget>
    <recipient-country-budget>
      <recipient-country code="CD"/>
      <period-start iso-date="2020-01-01"/>
      <period-end iso-date="2020-12-31"/>
      <value value-date="2020-01-01">50000</value>
    </recipient-country-budget>
    <total-expenditure>
      <period-start iso-date="2019-01-01"/>
      <period-end iso-date="2019-12-31"/>
      <value value-date="2019-01-01">900000</value>
      <expense-line ref="E1"><value value-date="2019-01-01">1</value><narrative>Ink</narrative></expense-line>
    </total-expenditure>
    <document-link url="https://example.org/evaluation" format="text/html">
      <title><narrative>Evaluation of all we did</narrative></title>
      <category code="B09"/>
      <language code="en"/>
      <recipient-country code="CD"/>
    </document-link>
  </iati-organisation>
  <iati-organisation>
    <organisation-identifier/>
    <name><narrative>Nobody in particular</narrative></name>
    <reporting-org ref="XM-TEST" type="40"/>
  </iati-organisation>
</iati-organisations>
"""

OLD_ORGANISATIONS = """<?xml version="1.0" encoding="UTF-8"?>
<iati-organisations version="1.04">
  <iati-organisation default-currency="EUR" xml:lang="en">
    <reporting-org ref="XM-OTHER" type="21">Invented Reporter</reporting-org>
    <iati-identifier>XM-TEST</iati-identifier>
    <name>Invented Agency of Tests</name>
    <name xml:lang="fr">Agence inventée des essais</name>
    <recipient-org-budget>
      <recipient-org ref="XM-NGO">Invented NGO</recipient-org>
      <period-start iso-date="2013-01-01"/>
      <period-end iso-date="2013-12-31"/>
      <value value-date="2013-01-01">30000</value>
    </recipient-org-budget>
    <document-link url="https://example.org/strategy" language="en">
      <title>Strategy</title>
      <category code="B02">Strategy</category>
    </document-link>
  </iati-organisation>
</iati-organisations>
"""
