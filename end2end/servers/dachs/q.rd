<resource schema="demo" resdir="demo">
  <meta name="creationDate">2026-01-01T00:00:00Z</meta>
  <meta name="title">Bright stars</meta>
  <meta name="description">Stars to magnitude 8, as the tests' TAP archive serves them.</meta>
  <meta name="subject">surveys</meta>
  <table id="stars" onDisk="True" mixin="//scs#q3cindex" adql="True">
    <meta name="description">Stars to magnitude 8</meta>
    <primary>id</primary>
    <column name="id" type="integer" ucd="meta.id;meta.main" required="True" description="Hipparcos number"/>
    <column name="ra" type="double precision" unit="deg" ucd="pos.eq.ra;meta.main" description="Right ascension"/>
    <column name="dec" type="double precision" unit="deg" ucd="pos.eq.dec;meta.main" description="Declination"/>
    <column name="mag" type="real" unit="mag" ucd="phot.mag;em.opt.V" description="Magnitude"/>
    <column name="bv" type="real" unit="mag" ucd="phot.color" description="Colour index"/>
  </table>
  <data id="import">
    <sources pattern="data/*.csv"/>
    <csvGrammar/>
    <make table="stars"><rowmaker idmaps="*"/></make>
  </data>
</resource>
