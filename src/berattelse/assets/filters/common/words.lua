-- What the document's language calls figures, boxes, sources and the parts of the title block.

local WORDS = {
  sv = {
    etikett = {
      fig = 'Figur', tbl = 'Tabell', lst = 'Lista', sec = 'Avsnitt', eq = 'Ekvation',
      thm = 'Teorem', lem = 'Lemma', cor = 'Följdsats', prp = 'Påstående', cnj = 'Förmodan',
      def = 'Definition', exm = 'Exempel', exr = 'Uppgift', rem = 'Anmärkning', sol = 'Lösning',
      prf = 'Bevis', alg = 'Algoritm', ch = 'Kapitel', apx = 'Bilaga',
      nte = 'Notera', tip = 'Tips', wrn = 'Varning', imp = 'Viktigt', cau = 'Försiktigt',
    },
    ord = {
      note = 'Notera', tip = 'Tips', warning = 'Varning', important = 'Viktigt',
      caution = 'Försiktigt', proof = 'Bevis', remark = 'Anmärkning', solution = 'Lösning',
      abstract = 'Sammanfattning', code = 'Kod', author = 'Författare', authors = 'Författare',
      published = 'Utgiven', modified = 'Ändrad', keywords = 'Nyckelord',
      references = 'Referenser', appendices = 'Bilagor', footnotes = 'Fotnot', toc = 'Innehållsförteckning',
      reuse = 'Återanvänd', copyright = 'Copyright', affiliation = 'Anknuten',
      affiliations = 'Anknutna', skip = 'Hoppa till innehållet', citation = 'Citat',
    },
  },
  en = {
    etikett = {
      fig = 'Figure', tbl = 'Table', lst = 'Listing', sec = 'Section', eq = 'Equation',
      thm = 'Theorem', lem = 'Lemma', cor = 'Corollary', prp = 'Proposition', cnj = 'Conjecture',
      def = 'Definition', exm = 'Example', exr = 'Exercise', rem = 'Remark', sol = 'Solution',
      prf = 'Proof', alg = 'Algorithm', ch = 'Chapter', apx = 'Appendix',
      nte = 'Note', tip = 'Tip', wrn = 'Warning', imp = 'Important', cau = 'Caution',
    },
    ord = {
      note = 'Note', tip = 'Tip', warning = 'Warning', important = 'Important',
      caution = 'Caution', proof = 'Proof', remark = 'Remark', solution = 'Solution',
      abstract = 'Abstract', code = 'Code', author = 'Author', authors = 'Authors',
      published = 'Published', modified = 'Modified', keywords = 'Keywords',
      references = 'References', appendices = 'Appendices', footnotes = 'Footnotes', toc = 'Table of contents',
      reuse = 'Reuse', copyright = 'Copyright', affiliation = 'Affiliation',
      affiliations = 'Affiliations', skip = 'Skip to the content', citation = 'Citation',
    },
  },
  da = {
    etikett = {
      fig = 'Figur', tbl = 'Tabel', lst = 'Liste', sec = 'Afsnit', eq = 'Ligning',
      thm = 'Sætning', lem = 'Lemma', cor = 'Følgesætning', prp = 'Proposition',
      cnj = 'Formodning', def = 'Definition', exm = 'Eksempel', exr = 'Opgave',
      rem = 'Bemærkning', sol = 'Løsning', prf = 'Bevis', alg = 'Algoritme', ch = 'Kapitel',
      apx = 'Bilag', nte = 'Bemærk', tip = 'Tip', wrn = 'Advarsel', imp = 'Vigtigt',
      cau = 'Forsigtig',
    },
    ord = {
      note = 'Bemærk', tip = 'Tip', warning = 'Advarsel', important = 'Vigtigt',
      caution = 'Forsigtig', proof = 'Bevis', remark = 'Bemærkning', solution = 'Løsning',
      abstract = 'Sammendrag', code = 'Kode', author = 'Forfatter', authors = 'Forfattere',
      published = 'Udgivet', modified = 'Ændret', keywords = 'Nøgleord',
      references = 'Referencer', appendices = 'Bilag', footnotes = 'Fodnoter',
      toc = 'Indholdsfortegnelse', reuse = 'Genbrug', copyright = 'Ophavsret',
      affiliation = 'Tilknytning', affiliations = 'Tilknytninger', skip = 'Gå til indholdet',
      citation = 'Citering',
    },
  },
  nb = {
    etikett = {
      fig = 'Figur', tbl = 'Tabell', lst = 'Liste', sec = 'Avsnitt', eq = 'Ligning',
      thm = 'Teorem', lem = 'Lemma', cor = 'Korollar', prp = 'Proposisjon', cnj = 'Formodning',
      def = 'Definisjon', exm = 'Eksempel', exr = 'Oppgave', rem = 'Merknad', sol = 'Løsning',
      prf = 'Bevis', alg = 'Algoritme', ch = 'Kapittel', apx = 'Vedlegg', nte = 'Merk',
      tip = 'Tips', wrn = 'Advarsel', imp = 'Viktig', cau = 'Forsiktig',
    },
    ord = {
      note = 'Merk', tip = 'Tips', warning = 'Advarsel', important = 'Viktig',
      caution = 'Forsiktig', proof = 'Bevis', remark = 'Merknad', solution = 'Løsning',
      abstract = 'Sammendrag', code = 'Kode', author = 'Forfatter', authors = 'Forfattere',
      published = 'Publisert', modified = 'Endret', keywords = 'Nøkkelord',
      references = 'Referanser', appendices = 'Vedlegg', footnotes = 'Fotnoter',
      toc = 'Innholdsfortegnelse', reuse = 'Gjenbruk', copyright = 'Opphavsrett',
      affiliation = 'Tilknytning', affiliations = 'Tilknytninger', skip = 'Gå til innholdet',
      citation = 'Sitering',
    },
  },
  fi = {
    etikett = {
      fig = 'Kuva', tbl = 'Taulukko', lst = 'Listaus', sec = 'Osio', eq = 'Yhtälö', thm = 'Lause',
      lem = 'Apulause', cor = 'Seurauslause', prp = 'Väittämä', cnj = 'Otaksuma',
      def = 'Määritelmä', exm = 'Esimerkki', exr = 'Tehtävä', rem = 'Huomautus', sol = 'Ratkaisu',
      prf = 'Todistus', alg = 'Algoritmi', ch = 'Luku', apx = 'Liite', nte = 'Huomaa',
      tip = 'Vihje', wrn = 'Varoitus', imp = 'Tärkeää', cau = 'Varo',
    },
    ord = {
      note = 'Huomaa', tip = 'Vihje', warning = 'Varoitus', important = 'Tärkeää',
      caution = 'Varo', proof = 'Todistus', remark = 'Huomautus', solution = 'Ratkaisu',
      abstract = 'Tiivistelmä', code = 'Koodi', author = 'Tekijä', authors = 'Tekijät',
      published = 'Julkaistu', modified = 'Muutettu', keywords = 'Avainsanat',
      references = 'Lähteet', appendices = 'Liitteet', footnotes = 'Alaviitteet',
      toc = 'Sisällys', reuse = 'Uudelleenkäyttö', copyright = 'Tekijänoikeus',
      affiliation = 'Taustayhteisö', affiliations = 'Taustayhteisöt', skip = 'Siirry sisältöön',
      citation = 'Viittaaminen',
    },
  },
  de = {
    etikett = {
      fig = 'Abbildung', tbl = 'Tabelle', lst = 'Listing', sec = 'Abschnitt', eq = 'Gleichung',
      thm = 'Satz', lem = 'Lemma', cor = 'Korollar', prp = 'Proposition', cnj = 'Vermutung',
      def = 'Definition', exm = 'Beispiel', exr = 'Aufgabe', rem = 'Bemerkung', sol = 'Lösung',
      prf = 'Beweis', alg = 'Algorithmus', ch = 'Kapitel', apx = 'Anhang', nte = 'Hinweis',
      tip = 'Tipp', wrn = 'Warnung', imp = 'Wichtig', cau = 'Vorsicht',
    },
    ord = {
      note = 'Hinweis', tip = 'Tipp', warning = 'Warnung', important = 'Wichtig',
      caution = 'Vorsicht', proof = 'Beweis', remark = 'Bemerkung', solution = 'Lösung',
      abstract = 'Zusammenfassung', code = 'Code', author = 'Autor:in', authors = 'Autor:innen',
      published = 'Veröffentlicht', modified = 'Geändert', keywords = 'Schlüsselwörter',
      references = 'Literatur', appendices = 'Anhang', footnotes = 'Fußnoten',
      toc = 'Inhaltsverzeichnis', reuse = 'Wiederverwendung', copyright = 'Urheberrecht',
      affiliation = 'Zugehörigkeit', affiliations = 'Zugehörigkeiten',
      skip = 'Zum Inhalt springen', citation = 'Zitat',
    },
  },
  fr = {
    etikett = {
      fig = 'Figure', tbl = 'Tableau', lst = 'Liste', sec = 'Section', eq = 'Équation',
      thm = 'Théorème', lem = 'Lemme', cor = 'Corollaire', prp = 'Proposition',
      cnj = 'Conjecture', def = 'Définition', exm = 'Exemple', exr = 'Exercice', rem = 'Remarque',
      sol = 'Solution', prf = 'Preuve', alg = 'Algorithme', ch = 'Chapitre', apx = 'Annexe',
      nte = 'Note', tip = 'Astuce', wrn = 'Avertissement', imp = 'Important', cau = 'Attention',
    },
    ord = {
      note = 'Note', tip = 'Astuce', warning = 'Avertissement', important = 'Important',
      caution = 'Attention', proof = 'Preuve', remark = 'Remarque', solution = 'Solution',
      abstract = 'Résumé', code = 'Code', author = 'Auteur', authors = 'Auteurs',
      published = 'Date de publication', modified = 'Date de modification',
      keywords = 'Mots-clés', references = 'Références', appendices = 'Annexes',
      footnotes = 'Notes de bas de page', toc = 'Table des matières', reuse = 'Réutilisation',
      copyright = 'Droits d’auteur', affiliation = 'Affiliation', affiliations = 'Affiliations',
      skip = 'Aller au contenu', citation = 'Citation',
    },
  },
  es = {
    etikett = {
      fig = 'Figura', tbl = 'Tabla', lst = 'Listado', sec = 'Sección', eq = 'Ecuación',
      thm = 'Teorema', lem = 'Lema', cor = 'Corolario', prp = 'Proposición', cnj = 'Conjetura',
      def = 'Definición', exm = 'Ejemplo', exr = 'Ejercicio', rem = 'Observación',
      sol = 'Solución', prf = 'Demostración', alg = 'Algoritmo', ch = 'Capítulo',
      apx = 'Apéndice', nte = 'Nota', tip = 'Consejo', wrn = 'Advertencia', imp = 'Importante',
      cau = 'Precaución',
    },
    ord = {
      note = 'Nota', tip = 'Consejo', warning = 'Advertencia', important = 'Importante',
      caution = 'Precaución', proof = 'Demostración', remark = 'Observación',
      solution = 'Solución', abstract = 'Resumen', code = 'Código', author = 'Autor/a',
      authors = 'Autores/as', published = 'Fecha de publicación',
      modified = 'Fecha de modificación', keywords = 'Palabras clave', references = 'Referencias',
      appendices = 'Apéndices', footnotes = 'Notas', toc = 'Tabla de contenidos',
      reuse = 'Reutilización', copyright = 'Derechos de autor', affiliation = 'Afiliación',
      affiliations = 'Afiliaciones', skip = 'Ir al contenido', citation = 'Cómo citar',
    },
  },
}

WORDS.no, WORDS.nn = WORDS.nb, WORDS.nb

-- The words of a language such as 'sv' or 'en-GB'; English where we have none.
return function(lang) return WORDS[lang:match('^%a+')] or WORDS.en end
