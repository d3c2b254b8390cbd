"""Every check of the gate that no dataset has to declare: its id and what must hold.

The rules of reading a file stand in `intake/rules.py`, those of a dataset beside it in
`data/datamangder/`.
"""

from __future__ import annotations

from collections.abc import Mapping

RULES: Mapping[str, str] = {
    # which files there are
    "tva_filer": "En datamängd finns i en enda fil.",
    "okand_datamangd": "En datafil heter som en datamängd.",
    "ingen_fil": "Det som heter som en datafil är en fil.",
    "okant_filformat": "Datafiler är CSV eller Excel.",
    "kraver_datamangd": "Datamängder som kräver varandra finns båda.",
    "inga_rader": "En datafil har rader.",
    "okand_rapport": "En fil för en berättelse heter som en rapport.",
    "rapportens_fil": "Filen för en berättelse går att läsa och säger det som behövs.",
    # a figure by itself
    "negativt_antal": "Ett antal är inte negativt.",
    "orimlig_procent": "En andel ligger mellan 0 och 100 procent.",
    "ej_heltal": "Det som räknas ett och ett är hela tal.",
    "period_efter_aret": "En redovisad period ligger inte efter året.",
    # beside other datasets
    "saknar_motpart": "Ett namn som ska finnas i en annan datamängd finns där.",
    # over time
    "hopp": "En siffra ändras inte mer från förra perioden än datamängden anger.",
    "lucka_i_serie": "En serie saknar inget år.",
    "olika_perioder": "En serie blandar inte helår med kortare perioder.",
    "andrad_i_efterhand": "En siffra är densamma som i förra årets fil.",
    "liknande_namn": "Samma sak skrivs likadant i hela tabellen.",
    "nytt_namn": "Ett namn stavas som förra året.",
    # decisions
    "godkannande_utan_verkan": "Ett godkännande gäller en avvikelse som finns.",
    "undantag_utan_summa": "Ett undantag från skyddet anger siffrornas kontrollsumma.",
    "undantag_andrade_siffror": "Ett undantag från skyddet gäller siffrorna som fanns då.",
    # protection
    "total_utan_kontroll": "En rad som heter som en total är med i en kontroll.",
    "kan_inte_skyddas": "Ett litet antal går inte att räkna ut ur det som visas.",
}
"""Rule id -> one Swedish sentence, what must hold."""
