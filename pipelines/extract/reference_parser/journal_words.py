"""Abbreviated words of journal names, after ISO 4.

A full stop after one of them continues the journal's name instead of ending the title. Only the last word of a sentence
is looked up, so words that are never printed before a full stop are not needed here.
"""

from __future__ import annotations

_WORDS = """
    Acad Acta Adv Agric Am Anaesth Anal Anat Anesth Angew Ann Annu Appl Aquat Arch Astron Astrophys Atmos Aust
    Bacteriol Behav Berl Biochem Biochim Bioeng Biogeochem Bioinform Biol Biomater Biomech Biomed Biomol
    Biopharm Biophys Biosci Biotechnol Bot Br Brit Bull Bur Can Carbohydr Cardiol Cardiothorac Cardiovasc Catal
    Cereb Chem Child Chim Chromatogr Climatol Clin Cogn Coll Colloid Comm Commun Comp Comput Conf Contemp Crit
    Crop Crystallogr Curr Cytol Demogr Dent Dermatol Dev Diab Diabetol Diagn Dig Dis Ecol Econ Edn Educ
    Electrochem Electron Embryol Emerg Endocrinol Endosc Energ Eng Entomol Environ Epidemiol Ergon
    Ethnopharmacol Ethol Eur Evol Exerc Exp Expt Fam Fed Fem Fert Fluoresc Forens Front Funct Gastroenterol Gen
    Genet Geol Geophys Geriatr Gerontol Ges Gesamte Gynaecol Gynecol Haematol Helminthol Helv Hematol Hepatol
    Hist Histochem Hortic Hosp Hum Hydrol Hyg Immunol Ind Infect Inflamm Inform Inherit Inorg Inst Int
    Interdiscip Intern Invertebr Invest Isr J Jpn Kagaku Kardiol Lab Laryngol Lett Leukoc Limnol Lond Macromol
    Mag Magn Manag Mar Mater Math Mech Med Metab Meteorol Meth Microb Microbiol Microsc Mineral Mol Mon Monogr
    Morphol Mycol Nanotechnol Nat Natl Neonatol Nephrol Neurobiol Neurochem Neurol Neurosci Neurosurg Notes Nucl
    Nucleic Nutr Obes Obstet Occup Odontol Oncol Ophthalmol Opin Opt Org Orthod Orthop Otolaryngol Paediatr
    Palaeontol Parasitol Pathol Pediatr Perinatol Periodontol Perspect Pharm Pharmacol Philos Photobiol
    Photochem Phys Physiol Phytochem Phytopathol Plast Pol Polym Postgrad Prev Proc Prog Prot Protoc Psychiatry
    Psychol Psychopharmacol Psychosom Pulm Q Quant Radiat Radiol Rehabil Rep Reprod Res Reson Respir Rev Rheum
    Rheumatol Sci Sens Ser Soc Sociol Spectrom Spectrosc Stand Stat Statist Strahlenther Struct Stud Subst Suppl
    Surg Symp Synth Syst Tech Technol Theor Ther Thorac Thromb Top Toxicol Trans Transplant Trop Tuberc Ultrason
    Univ Urol Vasc Venereol Verh Vet Virol Vis Vitam Volcanol Wschr Z Zool
"""

ABBREVIATED = frozenset(_WORDS.split())
