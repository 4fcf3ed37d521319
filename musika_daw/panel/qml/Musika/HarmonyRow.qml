// Key and chords: written as text, or clicked together while it plays.
import QtQuick
import QtQuick.Controls.Basic as Basic
import QtQuick.Layouts

Surface {
    id: row
    implicitHeight: 54
    readonly property var chords: controls.item("chords")
    readonly property string text: chords.value ? "" + chords.value : "off"
    readonly property var parts: harmony.row(text)
    readonly property int beat: Math.floor(Timeline.position)
    readonly property int sounding: transport.plays ? harmony.sounding(text, beat) : -1

    function put(place, name) {
        chords.move(harmony.replaced(text, place, name));
    }
    RowLayout {
        anchors.fill: parent
        anchors.margins: Theme.padding
        spacing: Theme.gap
        Caption { text: qsTr("key") }
        Field { item: controls.item("key"); implicitWidth: 78; menu: true }
        Caption { text: qsTr("chords") }
        Row {
            spacing: 4
            Layout.fillWidth: true
            Layout.maximumHeight: Theme.control
            clip: true
            Text {
                visible: row.parts.length === 0
                height: Theme.control
                verticalAlignment: Text.AlignVCenter
                text: qsTr("the model's own")
                color: Theme.dim
                font.pixelSize: Theme.normal
                rightPadding: 8
            }
            Repeater {
                model: row.parts
                Button {
                    required property var modelData
                    required property int index
                    text: modelData.name
                    width: Math.max(44, implicitWidth)
                    tint: row.sounding === index ? Theme.accent : Theme.raised
                    ink: row.sounding === index ? Theme.ground : Theme.text
                    tip: qsTr("click: another chord here; right click: take it away")
                    onClicked: menu.show(this, index)
                    TapHandler { acceptedButtons: Qt.RightButton; onTapped: row.put(index, "") }
                }
            }
            Button {
                objectName: "add chord"
                text: "+"
                tip: qsTr("one more bar")
                onClicked: menu.show(this, row.parts.length)
            }
        }
        Field { item: row.chords; menu: true; implicitWidth: 150; Layout.fillWidth: row.width < 700; Layout.maximumWidth: 220 }
        Button { text: qsTr("free"); enabled: row.text !== "off"; tip: qsTr("the model chooses the harmony"); onClicked: row.chords.move("off") }
    }
    Basic.Popup {
        id: menu
        property int place
        function show(from, place) {
            const at = from.mapToItem(row, 0, 0);
            menu.place = place;
            x = Math.max(0, Math.min(at.x, row.width - implicitWidth));
            y = -implicitHeight - 4;
            open();
        }
        padding: 8
        background: Rectangle { color: Theme.raised; radius: Theme.radius; border.color: Theme.line }
        contentItem: Grid {
            columns: 7
            spacing: 4
            Repeater {
                model: harmony.offered("" + controls.item("key").value)
                Button {
                    required property string modelData
                    text: modelData
                    tint: Theme.line
                    width: 52
                    onClicked: { row.put(menu.place, modelData); menu.close(); }
                }
            }
            Repeater {
                model: harmony.offered("" + controls.item("key").value)
                Button {
                    required property string modelData
                    text: modelData + "7"
                    compact: true
                    width: 52
                    onClicked: { row.put(menu.place, modelData + "7"); menu.close(); }
                }
            }
        }
    }
}
