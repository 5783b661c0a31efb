"""How do people say stop, start and "who is this" in Spanish?

Sources: the Spanish keywords that US carriers ask for (ALTO, AYUDA), and those that programs in Spanish use (BAJA,
PARAR, CANCELAR, FIN). tests/clients/revocations.tsv holds the examples.
"""

from typing import Final

from clients.operations.word_table import WordTable, after, before, parts, phrases, words

_PARTS: Final = parts(
    r"""
    messages =
        (?:mensaj(?:es?|itos?)|mensajes de texto|textos?|sms|correos?|e ?mails?|recordatorios?|avisos?|notificaciones
        |notificacion|alertas?|promociones|promocion|publicidad|ofertas|llamadas|spam|comunicaciones|suscripcion
        |subscripcion)
    notice =
        (?:mensaj(?:e|ito)|texto|correo|e ?mail|recordatorio|aviso|notificacion|alerta|promocion)
    fillers =
        (?:(?:los|las|el|la|sus|su|tus|tu|estos|estas|este|esos|esas|mis|mi|mas|todos|todas|ningun|ninguna|de|con|a
        |tantos|otro|otros) ){0,4}
    own object =
        (?! (?:al (?!cel|tel|movil|numero|\d)|a (?:otr[ao]|un[ao]?|la|el)\b|(?:el|la|los|las|mi|mis|un|una) (?!mism
        |<messages>)|ayer|anoche))
    reach =
        (?:escriban?|escribas|escribir|manden?|mandes|mandar|envien?|envies|enviar|contacten?|contactes|contactar
        |llamen?|llames|llamar|molesten?|molestes|molestar|texteen?|textees|textear|mensajeen?|busquen|busque)
    reaching =
        (?:escribir|mandar|enviar|contactar|llamar|molestar|textear|mensajear|hostigar|acosar|joder|chingar)(?:me|nos
        |le|les|la)?(?:los|las)?
    reachings =
        (?:escribiendo|mandando|enviando|contactando|llamando|molestando|texteando)(?:me|nos|le)?
    reached =
        (?:escribieran?|escribieras|escriban?|escribas|mandaran?|mandaras|manden?|mandes|enviaran?|enviaras|envien?
        |envies|contactaran?|contactaras|contacten?|contactes|llamaran?|llamaras|llamen?|llames)
    take =
        (?:quit|borr|elimin|sac|saqu|remuev|remov|retir|suprim)
    """
)

SPANISH: Final = WordTable(
    courtesy=words(
        """
        amablemente, buenas, buenos, dias, disculpe, disculpen, favor, gracias, hola, inmediatamente, noches, oiga,
        oye, perdon, por, porfa, porfavor, pues, senor, senora, senorita, tardes, xfa
        """
    ),
    stop_words=words(
        """
        alto, baja, basta, cancela, cancelar, cancele, cancelen, dar de baja, darme de baja, desuscribir,
        desuscribirme, desuscribirse, detener, detenga, detengan, fin, no mas, para, parar, pare, paren, salir,
        suficiente, terminar
        """
    ),
    visit_words=words(
        """
        cancela, cancelar, cancele, cancelen
        """
    ),
    start_words=words(
        """
        activar, alta, comenzar, dar de alta, darme de alta, empezar, iniciar, inicio, reactivar, reanudar,
        suscribir, suscribirme, suscribirse
        """
    ),
    help_words=words(
        """
        ayuda, de parte de quien, de que se trata, de quien es este numero, informacion, que es esto, quien eres,
        quien es, quien es usted, quien habla, quien manda esto, quien me escribe, quien me manda esto
        """
    ),
    yes_words=words(
        """
        claro, si
        """
    ),
    spellings={
        r"por ?fis": "por favor",
        r"(?:desinscrib|desuscrib|desubscrib|dessuscrib|deshuscrib)(\w*)": r"desuscrib\1",
        r"(?:mensages|mensjes|msjs|mjes|msj)": "mensajes",
        r"(?:qiten|kiten)": "quiten",
        r"(?:kiero|qiero)": "quiero",
        r"q": "que",
        r"k": "que",
    },
    insisting=phrases(
        _PARTS,
        r"""
        si no (?:paran?|paras|dejan?|dejas)
        (?:ya )?(?:les|le|te) (?:dije|pedi|he dicho|he pedido|escribi)(?: \w+){0,4} (?:no (?:me )?\w+|paren|pare|alto
            |stop|baja|basta)
        no (?:puedo|logro|me deja) (?:darme de baja|desuscribirme|cancelar la suscripcion)
        cuantas veces
        """,
    ),
    stops=phrases(
        _PARTS,
        r"""
        (?:ya )?no (?:me |nos |la |lo |le )?<reach>\b<own object>
        no (?:me|nos) (?:hablen?|hables|marquen?|marques)\b(?! (?:de|con) )
        (?:no (?:quiero|quisiera|deseo)|ya no necesito) (?:que )?(?:me |nos )?(?:sigan? )?(?:<reach>|escribiendo
            |mandando|enviando|contactando|llamando)
        (?:ya )?no (?:quiero|quisiera|deseo|necesito) (?:volver a )?(?:recibir |ver |tener )?<fillers><messages>
        no (?:quiero|quisiera|deseo) (?:volver a )?recibir (?:nada|mas|esto|estos)
        no (?:quiero|quisiera|deseo) (?:ser contactad[ao]|saber nada|saber mas)
        (?:ya )?no (?:me |nos )?(?:vuelvan?|vuelvas) a <reaching>
        no <reaching>$
        dejar de recibir <fillers><messages>
        ^dejar de recibir(?: est[oe]s?| nada)?$
        como (?:dejo|puedo dejar) de recibir
        como (?:cancelo|paro|detengo|quito) <fillers><messages>
        ^(?:ya )?no (?:quiero|quisiera|deseo) recibir(?: ya| nada)?$
        ^no (?!<notice>$)<messages>$
        ^no mas (?:de )?(?:esto|estos|estas|eso)$
        (?:prefiero|preferiria|gustaria|agradeceria|hace falta|necesario|necesito) que no (?:me |nos |le )?<reached>
        no (?:me |nos )?(?:este|esten|estes) <reachings>
        no (?:quiero|deseo) (?:estar|seguir) en (?:su|la|esta|tu) lista
        no mas (?:de )?(?:sus |estos |tantos )?<messages>
        ^(?:ya )?no mas$
        ^ya (?:basta|par(?:a|e|en)|estuvo(?: bueno)?|dejen|dejenlo)$
        (?:de sigan|sigan|siga|sigas) no (?:mandando|enviando|escribiendo)
        no (?:me )?(?:sigan?|sigas) (?:mandando|enviando|escribiendo|molestando|contactando|llamando)
        (?:dej(?:a|e|en|ad|ar)|par(?:a|e|en|ar)|cesen?) (?:ya )?(?:de|con) (?:estar )?(?:<reaching>
            |<fillers><messages>|molestando)
        (?:par(?:e|en|ar)|deten(?:er|ga|gan)|cancel(?:ar|a|e|en)|termin(?:ar|en|e)|suspend(?:an|a|er)|anul(?:ar|en|e)
            |desactiv(?:ar|en|e)|quit(?:en|e)|finalizar) <fillers><messages>
        (?:basta|alto|suficiente|suficientes) (?:ya )?(?:de |con |a )?<fillers><messages>
        <take>(?:a|e|en|ue|uen)(?:me|nos|lo|la)? (?:de|del) (?:la |su |tu |esta |esa |sus |tus )?(?:lista|listas|base
            |sistema|contactos|directorio)
        <take>(?:a|e|en|ue|uen|ar)(?:me)? (?:mi|este|el|ese) (?:numero|telefono|celular|contacto|nombre|correo)
        (?:quit|borr|elimin|saqu)(?:e|en|a)(?:me|nos)$
        <take>(?:ar|arme) (?:mi numero )?de (?:la|su|esta) lista
        (?:me |nos )?(?:dar|dame|deme|denme|doy|den|dieran|demen)(?:me|se)? de baja(?! (?:mi|la) membresia)
        (?:quiero|solicito|pido|deseo) (?:la |mi )?baja
        dej(?:a|e|en)(?:me|nos) (?:en paz|tranquil[ao]s?)
        no (?:me |nos )?(?:molest(?:ar|e|en|es)|jodan|joda|jodas|chinguen|chingues)
        desuscrib\w*
        (?:revoco|retiro|cancelo|anulo) (?:\w+ ){0,3}(?:consentimiento|permiso|autorizacion)
        no (?:les |le |te )?(?:doy|di|he dado|tienen|tiene) (?:\w+ )?(?:permiso|consentimiento|autorizacion|autorice)
        no (?:los |les |le |lo |te )?autori(?:ce|zo|zamos)
        ^(?:para|paren|pare|alto|basta) (?:ya|por favor|esto|eso|todo)$
        larg(?:ate|uense|uese)
        vayan?se al? (?:diablo|carajo|la mierda)
        """,
    ),
    unclear=phrases(
        _PARTS,
        r"""
        no (?:hace falta|es necesario|necesito) que (?:me |nos |le )?<reached>
        ^no <notice>$
        ^(?:quiero |quisiera |deseo )?(?:quitarme|borrarme|salirme)$
        como me (?:salgo|borro|doy de baja)(?: de (?:esto|aqui|(?:la|su|esta) lista))?$
        como me quito de (?:esto|aqui|(?:la|su|esta) lista)
        <take>(?:a|e|en|ue|uen)(?:me|nos) de (?:aqui|ahi|esto|este|alli)
        no (?:me|nos) interesa(?: mas| ya| nada| esto)?$
        ^(?:ya )?no estoy interesad[ao](?: ya| mas)?$
        numero (?:equivocado|incorrecto|erroneo)
        (?:se|te) (?:equivoco|equivocaron|equivocaste)
        equivocad[ao]$
        (?:este )?no es (?:el |su |mi )?(?:numero|telefono|celular) de
        no soy \w+$
        (?:quien|como|donde)(?: \w+){0,3} (?:dio|consigui\w+|obtuv\w+|tiene|tienen|sac\w+) mi (?:numero|telefono
            |celular|contacto)
        (?:spam|estafa|estafadores|acoso|fraude)
        (?:fallecio|murio|ha fallecido|ha muerto)
        ya no soy (?:client[ea]|paciente|miembro)
        (?:demasiad[oa]s|tant[oa]s|much[oa]s) <messages>
        (?:hart[ao]|cansad[ao]|aburrid[ao]) de (?:sus |tus |los |estos |tantos |recibir |que )*<messages>
        (?:menos|no tantos) <messages>
        ^ya no(?: mas| quiero)?$
        por que (?:me )?(?:siguen?|sigues|estan?) (?:escrib|mand|envi|llam|molest)\w+
        (?:voy a |los voy a |la voy a )?(?:bloquear|denunciar|reportar)(?:los|las|lo|te|les)?$
        ^(?:ya )?no quiero (?:nada|mas|esto)$
        nunca (?:me )?(?:suscribi|registre|inscribi|pedi)
        ^nunca (?:jamas|mas)$
        <messages> no (?:deseados?|deseadas?|solicitados?|autorizados?)
        (?:paus(?:e|en|a|ar)|suspend(?:an|a|er)) <fillers><messages>
        no (?:\w+ ){0,2}(?:suscrib\w+|activ(?:ar|en|e))
        (?:quien|por que|como|cuando|si|no) (?:\w+ ){0,3}(?:pueden?|puedes) (?:escribirme|mandarme|enviarme|contactarme)
        no necesito (?:que me )?(?:recuerd\w+|recordatorios?|un recordatorio)
        (?:que )?(?:chinguen|chinga) (?:a |tu )
        vete a la
        """,
    ),
    starts=phrases(
        _PARTS,
        r"""
        (?:quiero|quisiera|deseo) (?:volver a )?(?:recibir|suscribirme)(?: <fillers><messages>)? (?:otra vez
            |de nuevo|nuevamente)
        (?:quiero|quisiera|deseo) volver a (?:suscribirme|recibir(?: <fillers><messages>)?)$
        (?:pueden?|puedes) (?:volver a )?(?:escribirme|mandarme mensajes|enviarme mensajes)(?: de nuevo| otra vez)?$
        agreg(?:uenme|ueme|ame) (?:otra vez|de nuevo|a la lista)
        """,
    ),
    asides=phrases(
        _PARTS,
        r"""
        no (?:puedo|puede|para|paro|dejo|deja) (?:de|parar de|dejar de) (?!(?:recibir))\w+
        (?:cancel(?:ar|a|e|en|o)|mover|cambiar) (?:\w+ )?(?:cita|citas|reserva|reservacion|turno|consulta|visita
            |membresia)
        (?:fin|fines) de (?:semana|mes|ano)
        no (?:quiero|quisiera|quise) molestar(?:l[aeo]s?|te)?
        sin parar
        """,
    ),
    denied=before(
        _PARTS,
        r"""
        (?:no|nunca|jamas|sin)(?: (?:me|nos|quiero|puedo|pueden|que|se|lo|los|quisiera|deseo|vayan|a|voy|he))*
        """,
    ),
    supposed=phrases(
        _PARTS,
        r"""
        (?:si yo|si me|si|debo|deberia|tengo que|que pasa si|pensando en|quizas|tal vez)
        """,
    ),
    limited=after(
        _PARTS,
        r"""
        (?:(?:mas|mensajes|textos|correos|recordatorios|por favor|nada) ){0,3}(?:antes|despues|hasta|durante|entre
            |mientras|cuando|a las|a esta hora|tan (?:temprano|tarde|seguido)|tanto|los (?:lunes|martes|miercoles
            |jueves|viernes|sabados?|domingos?|fines)|el (?:lunes|martes|miercoles|jueves|viernes|sabado|domingo)
            |en la (?:manana|noche|tarde|madrugada)|por (?:ahora|el momento|la manana|la noche|un tiempo)|hoy|manana
            |esta semana|este mes|todos los dias|cada|al trabajo|en el trabajo)
        """,
    ),
    doubted=phrases(
        _PARTS,
        r"""
        (?:jaja\w*|jeje\w*|broma|bromeando)
        (?:por (?:error|accidente|equivocacion)|sin querer)
        (?:mejor|prefiero|solo) (?:que )?(?:me |por |una |un )?llam\w+
        (?:mejor|solo|prefiero) (?:por )?(?:texto|textos|mensaje|mensajes|correo|whatsapp)
        """,
    ),
    visits=phrases(
        _PARTS,
        r"""
        citas?|turno|reserva\w*|consulta|visita|manana|hoy|lunes|martes|miercoles|jueves|viernes|sabado|domingo
            |enferm[ao]|hora|llegar|cambiar|reagendar|agendar|puedo ir
        """,
    ),
)
